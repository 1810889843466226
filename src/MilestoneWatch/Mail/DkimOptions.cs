namespace MilestoneWatch.Mail;

/// <summary>Configuration section <c>Dkim</c>: how mails are signed. No key, no signature; two keys, two signatures on each mail.</summary>
internal sealed class DkimOptions
{
    // RFC 1035 §2.3.4
    private const int LongestLabel = 63;

    /// <summary>The domain that answers for the mails; that of MW_Mail__From where it is empty.</summary>
    public string Domain { get; set; } = "";

    public IList<DkimKeyOptions> Keys { get; } = [];

    public string DomainFor(MailOptions mail) => (Domain.Length > 0 ? Domain : mail.Domain).ToLowerInvariant();

    /// <summary>What is wrong and how to mend it, a line each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems(MailOptions mail)
    {
        if (Keys.Count == 0)
            return Domain.Length == 0
                ? []
                : ["MW_Dkim__Keys__0__File is not set though MW_Dkim__Domain is: name a key, or remove the domain"];
        var problems = new List<string>(DomainProblems(mail));
        foreach (var (i, key) in Keys.Index())
        {
            var setting = $"MW_Dkim__Keys__{i}";
            if (!IsSelector(key.Selector))
                problems.Add(
                    $"{setting}__Selector is '{key.Selector}': set it to the name that the key is published under, letters, digits and hyphens, such as mw2026"
                );
            else if (Keys.Take(i).Any(other => string.Equals(other.Selector, key.Selector, StringComparison.OrdinalIgnoreCase)))
                problems.Add($"{setting}__Selector is '{key.Selector}', as another key's: publish each key under a name of its own");
            if (!DkimKey.TryRead(key.File, out _, out var problem))
                problems.Add($"{setting}__File {problem}");
        }
        return problems;
    }

    /// <summary>Dots are allowed: RFC 6376 §3.1 lets selectors have levels.</summary>
    public static bool IsSelector(string text) => text.Length <= 200 && text.Split('.').All(IsLabel);

    // DMARC (RFC 7489 §3.1.1) takes a signature for the sender's own only from the same domain or one above it
    private IEnumerable<string> DomainProblems(MailOptions mail)
    {
        var (domain, from) = (DomainFor(mail), mail.Domain.ToLowerInvariant());
        if (!domain.Contains('.', StringComparison.Ordinal) || !domain.Split('.').All(IsLabel))
            yield return Domain.Length > 0
                ? $"MW_Dkim__Domain is '{Domain}': set it to a domain of your own, such as example.org, or leave it out"
                : $"MW_Dkim__Keys need a sender on a domain of your own: set MW_Mail__From, which is at '{mail.Domain}'";
        else if (domain != from && !from.EndsWith($".{domain}", StringComparison.Ordinal))
            yield return $"MW_Dkim__Domain is '{Domain}', which is not above the sender's {from}: set it to {from} or its parent, or leave it out";
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LongestLabel
        && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        && label[0] != '-'
        && label[^1] != '-';
}
