using System.Text.RegularExpressions;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Bounces;

/// <summary>Addresses as they stand in reports: bare, in brackets, typed, encoded.</summary>
internal static partial class Addresses
{
    /// <summary>The first address in a text, as it is stored; null where there is none.</summary>
    public static string? FirstIn(string text) => AllIn(text).FirstOrDefault();

    public static IEnumerable<string> AllIn(string text)
    {
        foreach (Match match in Written().Matches(text))
        {
            if (Read(match.Value) is { } address)
            {
                yield return address;
            }
        }
    }

    /// <summary>A recipient field of a report: "rfc822; &lt;user@example.org&gt;", or "utf-8; …" with RFC 6533's \x{…}.</summary>
    public static string? OfField(string? value)
    {
        if (value is null)
        {
            return null;
        }
        var type = value.IndexOf(';', StringComparison.Ordinal);
        var address = type >= 0 ? value[(type + 1)..] : value;
        return FirstIn(Unescaped(address)) ?? (type >= 0 ? FirstIn(Unescaped(value)) : null);
    }

    private static string? Read(string written)
    {
        var text = written.Trim('.', ',', ';', ':', '!', '?', '\'', '`', '*', '|', '=', '-');
        // as links and as X.400 have it
        foreach (var prefix in (string[])["mailto:", "smtp="])
        {
            text = text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : text;
        }
        return Mailbox.TryRead(text, out var mailbox) ? mailbox.Address : null;
    }

    private static string Unescaped(string text) =>
        Escape()
            .Replace(
                text,
                match =>
                    int.TryParse(
                        match.Groups["hex"].Value,
                        System.Globalization.NumberStyles.HexNumber,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var point
                    ) && System.Text.Rune.IsValid(point)
                        ? new System.Text.Rune(point).ToString()
                        : match.Value
            );

    [GeneratedRegex(
        @"(?:""[^""\s@<>]{1,64}""|[^\s<>""(),:;\[\]\\@|]+)@[A-Za-z0-9\u00a1-\uffff][A-Za-z0-9\u00a1-\uffff.\-]*",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Written();

    [GeneratedRegex(@"\\x\{(?<hex>[0-9A-Fa-f]{2,6})\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();
}
