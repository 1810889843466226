using MilestoneWatch.Record;

namespace MilestoneWatch.Mail;

/// <summary>"Did you mean" for an address at a domain that is nearly a big provider's.</summary>
internal static class AddressTypos
{
    // the most used first: of two that are as near, the first is meant
    private static readonly string[] Providers =
    [
        "gmail.com",
        "hotmail.com",
        "yahoo.com",
        "outlook.com",
        "icloud.com",
        "orange.fr",
        "hotmail.fr",
        "yahoo.fr",
        "outlook.fr",
        "free.fr",
        "wanadoo.fr",
        "laposte.net",
        "sfr.fr",
        "live.com",
        "live.fr",
        "aol.com",
        "msn.com",
        "me.com",
        "mac.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "gmx.fr",
        "web.de",
        "mail.com",
        "proton.me",
        "protonmail.com",
        "yahoo.co.uk",
        "hotmail.co.uk",
        "googlemail.com",
        "bbox.fr",
        "t-online.de",
        "libero.it",
        "yandex.ru",
        "mail.ru",
        "qq.com",
        "163.com",
        "fastmail.com",
        "zoho.com",
        "hey.com",
        "pm.me",
    ];

    // domains of others that are one slip from a provider's, and meant
    private static readonly string[] NoTypos = ["email.com", "ymail.com", "cloud.com", "tree.fr", "live.be"];

    /// <summary>The address that was probably meant; null where nothing hints at another. It depends on the text alone.</summary>
    public static string? Meant(Mailbox mailbox)
    {
        var domain = mailbox.Domain;
        if (Providers.Contains(domain, StringComparer.Ordinal) || NoTypos.Contains(domain, StringComparer.Ordinal))
        {
            return null;
        }
        // short names are near to everything; and who has a provider's name in another country made no two slips
        var near = Providers
            .Where(provider => Stem(provider).Length > 3)
            .Select(provider => (provider, slips: Slips(domain, provider)))
            .Where(candidate => candidate.slips <= (candidate.provider.Length >= 10 && Stem(candidate.provider) != Stem(domain) ? 2 : 1))
            .ToList();
        return near.Count == 0 ? null : $"{mailbox.LocalPart}@{near.MinBy(candidate => candidate.slips).provider}";
    }

    private static string Stem(string domain) => domain.Split('.')[0];

    // two letters that changed places are one slip of the fingers
    private static int Slips(string typed, string provider)
    {
        if (typed.Length == provider.Length)
        {
            var differ = Enumerable.Range(0, typed.Length).Where(i => typed[i] != provider[i]).ToList();
            if (differ is [var a, var b] && b == a + 1 && typed[a] == provider[b] && typed[b] == provider[a])
            {
                return 1;
            }
        }
        return EditDistance.Of(typed, provider);
    }
}
