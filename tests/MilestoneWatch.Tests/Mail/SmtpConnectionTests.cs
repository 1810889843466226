using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class SmtpConnectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_login_is_the_relays_trouble_and_is_tried_afresh_next_time()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["AUTH PLAIN"], Auth = "535 5.7.8 bad credentials" },
            new SmtpScript { Offers = ["AUTH PLAIN"] }
        );
        await using var sender = Senders.To(relay, options: o => (o.User, o.Password) = ("mw", "s3cret-canary"));

        var refused = await sender.SendAsync(Composed.Mail(), null, Ct);
        var taken = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal((SendOutcome.RelayTrouble, 535), (refused.Outcome, refused.Code));
        Assert.Contains("MW_Smtp__User", refused.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Reply, StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Accepted, taken.Outcome);
    }

    [Fact]
    public async Task A_missing_password_file_is_named()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay, options: o => (o.User, o.PasswordFile) = ("mw", "/nowhere/secret"));

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("/nowhere/secret", result.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starttls_that_is_not_offered_sends_nothing_in_clear()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay, options: o => o.Security = "starttls");

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("STARTTLS", result.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_self_signed_certificate_is_named_and_refused()
    {
        using var certificate = SelfSigned();
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = ["STARTTLS"], Certificate = certificate });
        await using var sender = Senders.To(relay, options: o => o.Security = "starttls");

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("CN=relay.test", result.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_trusted_certificate_the_mail_goes_encrypted()
    {
        using var certificate = SelfSigned();
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = ["STARTTLS", "PIPELINING"], Certificate = certificate });
        await using var sender = new SmtpMailSender(Senders.Options(relay.Port, o => o.Security = "starttls"), "example.org", Senders.Ample)
        {
            AlsoTrusts = shown => string.Equals(shown?.Subject, "CN=relay.test", StringComparison.Ordinal),
        };
        var mail = Composed.Mail();

        var result = await sender.SendAsync(mail, null, Ct);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var got = Assert.Single(relay.Mails);
        Assert.True(got.Secure);
        Assert.Equal(Composed.Bytes(mail), got.Bytes);
    }

    [Fact]
    public async Task A_refused_connection_and_an_unknown_host_are_the_relays_trouble()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        await using var refused = new SmtpMailSender(Senders.Options(port), "example.org", Senders.Ample);
        await using var unknown = new SmtpMailSender(Senders.Options(25, o => o.Host = "relay.invalid"), "example.org", Senders.Ample);

        Assert.Equal(SendOutcome.RelayTrouble, (await refused.SendAsync(Composed.Mail(), null, Ct)).Outcome);
        var result = await unknown.SendAsync(Composed.Mail(), null, Ct);
        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("relay.invalid", result.Reply, StringComparison.Ordinal);
    }

    internal static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=relay.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
    }
}
