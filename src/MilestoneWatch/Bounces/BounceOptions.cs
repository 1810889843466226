using System.Net;
using MailKit.Security;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Bounces;

/// <summary>Configuration section <c>Bounces</c>: the mailbox that bounces come back to, and the door that programs bring them through.</summary>
internal sealed class BounceOptions
{
    /// <summary>The IMAP server; empty where no mailbox is read.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 993;

    /// <summary>none, starttls or tls, as for the relay.</summary>
    public string Security { get; set; } = "tls";

    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>Read at each connection, so that a rotated secret is picked up.</summary>
    public string? PasswordFile { get; set; }

    public string Folder { get; set; } = "INBOX";

    /// <summary>How many mails have to come back, each good one between counting one down, until no more are sent.</summary>
    public int SoftLimit { get; set; } = 3;

    /// <summary>What POST /api/bounces asks for; without one there is no such door.</summary>
    public string? Token { get; set; }
    public string? TokenFile { get; set; }

    /// <summary>What is wrong and how to mend it, a line each; empty when all is well.</summary>
    public IEnumerable<string> Problems()
    {
        if (SoftLimit is < 1 or > 1000)
            yield return $"MW_Bounces__SoftLimit is {SoftLimit}: set it from 1 to 1000";
        if (Token is { Length: > 0 } && TokenFile is not null)
            yield return "MW_Bounces__Token and MW_Bounces__TokenFile are both set: keep one";
        if (TokenFile is not null && !File.Exists(TokenFile))
            yield return $"MW_Bounces__TokenFile names {TokenFile}, which cannot be read: put the token there";
        if (Token is { Length: > 0 and < 16 })
            yield return "MW_Bounces__Token is shorter than 16 letters: make one with `openssl rand -hex 24`";
        if (Host.Length == 0)
            yield break;
        foreach (var problem in MailboxProblems())
            yield return problem;
    }

    /// <summary>Null for a word that is none of the three.</summary>
    internal SecureSocketOptions? Socket => new SmtpOptions { Security = Security }.Socket;

    /// <exception cref="IOException">The password's file cannot be read.</exception>
    internal Task<NetworkCredential?> CredentialsAsync(CancellationToken ct) =>
        new SmtpOptions
        {
            User = User,
            Password = Password,
            PasswordFile = PasswordFile,
        }.CredentialsAsync(ct);

    /// <summary>The door's secret; null where there is no door.</summary>
    internal async Task<string?> SecretAsync(CancellationToken ct) =>
        TokenFile is not null ? (await File.ReadAllTextAsync(TokenFile, ct)).Trim()
        : Token is { Length: > 0 } ? Token
        : null;

    private IEnumerable<string> MailboxProblems()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return $"MW_Bounces__Host is '{Host}': set it to the IMAP server's host name, or leave it out";
        if (Port is < 1 or > 65535)
            yield return $"MW_Bounces__Port is {Port}: set it to a port from 1 to 65535, such as 993";
        if (Socket is null)
            yield return $"MW_Bounces__Security is '{Security}': set it to none, starttls or tls";
        if (Folder.Length == 0 || Folder.Any(char.IsControl))
            yield return "MW_Bounces__Folder is empty: set it to a folder such as INBOX";
        if (string.IsNullOrEmpty(User))
            yield return "MW_Bounces__User is missing: set it to the mailbox's login";
        if (Password is null == PasswordFile is null)
            yield return Password is null
                ? "MW_Bounces__Password is missing: set it or MW_Bounces__PasswordFile"
                : "MW_Bounces__Password and MW_Bounces__PasswordFile are both set: keep one";
        if (PasswordFile is not null && !File.Exists(PasswordFile))
            yield return $"MW_Bounces__PasswordFile names {PasswordFile}, which cannot be read: put the password there";
        if (Socket == SecureSocketOptions.None && !new SmtpOptions { Host = Host }.IsLoopback)
            yield return "MW_Bounces__Security is none, which would send the password in clear: set it to starttls or tls";
    }
}
