using System.Text.RegularExpressions;

namespace MilestoneWatch.Bounces;

/// <summary>
/// The one place that decides whether a refusal is the address's fault. Hard is only what says so of the address itself; full mailboxes,
/// policies, senders, networks and whatever nobody explains are soft.
/// </summary>
internal static partial class Refusal
{
    private const int LongestDiagnostic = 500;

    /// <param name="status">An enhanced status code; null where there is none.</param>
    /// <param name="words">What the other side said.</param>
    public static BounceKind Judge(string? status, string words)
    {
        var text = PhraseBook.Plain(words);
        var bad = PhraseBook.Address.In(text);
        if (IsTemporary(status, text) || status is "5.2.2")
        {
            return BounceKind.Soft;
        }
        // some say user unknown of whoever is over their quota, and of a sender they do not know
        if (PhraseBook.Full.In(text) || (status is not "5.1.1" && PhraseBook.Sender.In(text)))
        {
            return BounceKind.Soft;
        }
        if (bad || status is "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10")
        {
            return BounceKind.Hard;
        }
        // the edge of Exchange Online has looked the address up
        if (status is "5.4.1" && text.Contains("recipient address rejected: access denied", StringComparison.Ordinal))
        {
            return BounceKind.Hard;
        }
        if (PhraseBook.Policy.In(text) || (status is not null && IsElsewhere(status)))
        {
            return BounceKind.Soft;
        }
        return status is "5.1.0" or "5.2.1" || PhraseBook.Refused.In(text) ? BounceKind.Hard : BounceKind.Soft;
    }

    /// <summary>Whether a relay's reply to RCPT says that there is no such address.</summary>
    public static bool IsNoSuchAddress(int code, string reply) =>
        code is >= 500 and < 600
        && StatusIn(reply) is var status
        && Judge(status, reply) == BounceKind.Hard
        && (status is "5.1.1" or "5.1.2" or "5.1.3" or "5.1.6" or "5.1.10" || PhraseBook.Address.In(PhraseBook.Plain(reply)));

    /// <summary>The enhanced status in a text, if it has one; of several the first that says more than x.0.0.</summary>
    public static string? StatusIn(string text)
    {
        string? first = null;
        foreach (Match match in Enhanced().Matches(text))
        {
            var status = match.Groups["status"].Value;
            if (!IsVague(status))
            {
                return status;
            }
            first ??= status;
        }
        return first;
    }

    /// <summary>Whether a status says no more than that it failed.</summary>
    public static bool IsVague(string status) => status.EndsWith(".0.0", StringComparison.Ordinal);

    /// <summary>The reply code of an SMTP server in a text (400 to 599), or null.</summary>
    public static int? CodeIn(string text) =>
        Reply().Match(text) is { Success: true } match
            ? int.Parse(match.Groups["code"].Value, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>Words for a person, on one line of bounded length.</summary>
    public static string? OneLine(string? words)
    {
        if (words is null)
        {
            return null;
        }
        var line = string.Join(
            ' ',
            new string([.. PhraseBook.Valid(words).Select(letter => char.IsControl(letter) ? ' ' : letter)]).Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries
            )
        );
        return line.Length == 0 ? null
            : line.Length <= LongestDiagnostic ? line
            : PhraseBook.Valid(line[..LongestDiagnostic]);
    }

    private static bool IsTemporary(string? status, string text) =>
        status is ['4', ..] || (CodeIn(text) is >= 400 and < 500 && (status is null || IsVague(status)));

    // the network, the mail system, the protocol, the policy: not the address
    private static bool IsElsewhere(string status) =>
        status is ['5', '.', '3' or '4' or '6' or '7', ..] || status is "5.1.7" or "5.1.8" or "5.1.4" || status is "5.2.3" or "5.2.4";

    [GeneratedRegex(
        @"(?:^|[^0-9.])(?<status>[245]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9]))",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Enhanced();

    [GeneratedRegex(
        @"(?:^|[^0-9.\[@-])(?<code>[45][0-5][0-9])(?:[ \-:;,.#]|$)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reply();
}
