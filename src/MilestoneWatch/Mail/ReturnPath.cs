namespace MilestoneWatch.Mail;

/// <summary>Where bounces come back to: one address for all mails, or one for each, with a token of the delivery behind a plus (VERP).</summary>
internal static class ReturnPath
{
    private const int LongestLocalPart = 64;

    /// <summary>The envelope's sender. A base address too long for a token stays as it is.</summary>
    public static string For(MailOptions mail, string token) =>
        mail.Verp && Mailbox.TryRead(mail.ReturnPathAddress, out var path) && path.LocalPart.Length + 1 + token.Length <= LongestLocalPart
            ? $"{path.LocalPart}+{token}@{path.Domain}"
            : mail.ReturnPathAddress;

    /// <summary>What stands where a token would, in each return path of ours in a text, whatever its case.</summary>
    public static IEnumerable<string> TokensIn(MailOptions mail, string text)
    {
        if (!Mailbox.TryRead(mail.ReturnPathAddress, out var path))
        {
            yield break;
        }
        var before = $"{path.LocalPart}+";
        for (var at = 0; (at = text.IndexOf(before, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += before.Length)
        {
            var start = at + before.Length;
            var window = text.AsSpan(start, Math.Min(LongestLocalPart, text.Length - start));
            // some quote it once more for a sender of their own: watch+token=example.org@…
            var end = window.IndexOfAny('@', '=');
            if (end > 0 && text.AsSpan(start + end + 1).StartsWith(path.Domain, StringComparison.OrdinalIgnoreCase))
            {
                yield return window[..end].ToString();
            }
        }
    }
}
