using System.Net;
using MailKit.Security;

namespace MilestoneWatch.Mail;

/// <summary>Configuration section <c>Smtp</c>: the relay that mails are handed to.</summary>
internal sealed class SmtpOptions
{
    /// <summary>Empty where no relay is configured.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    /// <summary>none, starttls or tls. There is no "if the relay offers it": that mode sends in clear without a word.</summary>
    public string Security { get; set; } = "starttls";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Read at each connection, so that a rotated secret is picked up.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Connections open at once, 1 to 100; where the relay takes fewer, those.</summary>
    public int Connections { get; set; } = 10;

    /// <summary>Mails a second over all connections of all replicas; null is no limit.</summary>
    public double? RatePerSecond { get; set; }

    /// <summary>The same to any one domain of recipients.</summary>
    public double? RatePerDomain { get; set; }

    /// <summary>What people and replicas call this relay.</summary>
    public string Name => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>What is wrong and how to mend it, a line each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Host.Length == 0 || Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            problems.Add($"MW_Smtp__Host is '{Host}': set it to the relay's host name, or set MW_Mail__Pickup to a folder");
        if (Port is < 1 or > 65535)
            problems.Add($"MW_Smtp__Port is {Port}: set it to a port from 1 to 65535, such as 587");
        if (Socket is null)
            problems.Add($"MW_Smtp__Security is '{Security}': set it to none, starttls or tls");
        if (Connections is < 1 or > 100)
            problems.Add($"MW_Smtp__Connections is {Connections}: set it from 1 to 100");
        foreach (var (key, limit) in new[] { (nameof(RatePerSecond), RatePerSecond), (nameof(RatePerDomain), RatePerDomain) })
            if (limit is { } rate && !(rate >= 0.001 && double.IsFinite(rate)))
                problems.Add($"MW_Smtp__{key} is {rate}: set it from 0.001, or leave it out for no limit");
        problems.AddRange(SecretProblems());
        return problems;
    }

    /// <summary>Null for a word that is none of the three.</summary>
    internal SecureSocketOptions? Socket =>
        Security.ToUpperInvariant() switch
        {
            "NONE" => SecureSocketOptions.None,
            "STARTTLS" => SecureSocketOptions.StartTls,
            "TLS" => SecureSocketOptions.SslOnConnect,
            _ => null,
        };

    /// <summary>Null where the relay asks for no login. A missing file throws.</summary>
    internal async Task<NetworkCredential?> CredentialsAsync(CancellationToken ct)
    {
        if (string.IsNullOrEmpty(User))
            return null;
        var password = PasswordFile is null ? Password : (await File.ReadAllTextAsync(PasswordFile, ct)).TrimEnd('\r', '\n');
        return new NetworkCredential(User, password ?? "");
    }

    private IEnumerable<string> SecretProblems()
    {
        if (Password is not null && PasswordFile is not null)
            yield return "MW_Smtp__Password and MW_Smtp__PasswordFile are both set: keep one";
        if (PasswordFile is not null && !File.Exists(PasswordFile))
            yield return $"MW_Smtp__PasswordFile names {PasswordFile}, which cannot be read: put the password there";
        var secret = Password is not null || PasswordFile is not null;
        if (string.IsNullOrEmpty(User) == secret)
            yield return secret
                ? "MW_Smtp__User is empty though a password is set: set it, or remove the password"
                : "MW_Smtp__Password is missing though MW_Smtp__User is set: set it or MW_Smtp__PasswordFile";
        if (secret && Socket == SecureSocketOptions.None && !IsLoopback)
            yield return "MW_Smtp__Security is none, which would send the password in clear: set it to starttls or tls";
    }

    internal bool IsLoopback =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}
