namespace MilestoneWatch.Mail;

/// <summary>Configuration section <c>Dkim:Keys:n</c>: one key that every mail is signed with.</summary>
internal sealed class DkimKeyOptions
{
    /// <summary>A PEM file with a private key: RSA of 2048 bits or more, or Ed25519.</summary>
    public string File { get; set; } = "";

    /// <summary>Under which name the domain publishes the key: SELECTOR._domainkey.DOMAIN.</summary>
    public string Selector { get; set; } = "";
}
