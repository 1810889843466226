using System.Text.Json;
using MilestoneWatch.Tests.Web.Feeds;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace MilestoneWatch.Tests.Mail;

/// <summary>Who judges signatures: Debian's dkimpy, which shares no code with ours, and MimeKit's verifier.</summary>
/// <param name="records">What the domain publishes, by name.</param>
internal sealed class DkimJudges(IReadOnlyDictionary<string, string> records)
{
    /// <summary>Without it signatures go unjudged on a developer's machine; where every test must run, that fails.</summary>
    public static bool AreHere { get; } =
        Environment.GetEnvironmentVariable("CI") == "true" || Directory.Exists("/usr/lib/python3/dist-packages/dkim");

    /// <summary>Each mail's signatures, in order: "pass" where both judges accept it.</summary>
    public async Task<IReadOnlyList<string[]>> JudgeAsync(params byte[][] mails)
    {
        Assert.SkipUnless(AreHere, "python3-dkim is not installed");
        var asked = JsonSerializer.SerializeToUtf8Bytes(new { records, mails = mails.Select(Convert.ToBase64String) });
        // the system's Python: another on the PATH has none of Debian's modules
        var (code, output, error) = await Outside.RunAsync("/usr/bin/python3", asked, "../../Mail/verify-dkim.py");
        Assert.Equal((0, ""), (code, error));
        var verdicts = JsonSerializer.Deserialize<string[][]>(output)!;
        foreach (var (mail, verdict) in mails.Zip(verdicts))
        {
            Assert.Equal(verdict.Select(one => one == "pass"), await ByMimeKitAsync(mail));
        }
        return verdicts;
    }

    private async Task<IReadOnlyList<bool>> ByMimeKitAsync(byte[] mail)
    {
        var verifier = new DkimVerifier(new Published(records)) { MinimumRsaKeyLength = 2048 };
        var message = await MimeMessage.LoadAsync(new MemoryStream(mail));
        var accepted = new List<bool>();
        foreach (var header in message.Headers.Where(header => header.Id == HeaderId.DkimSignature).ToList())
        {
            accepted.Add(await verifier.VerifyAsync(message, header));
        }
        return accepted;
    }

    private sealed class Published(IReadOnlyDictionary<string, string> records) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => GetPublicKey(records[$"{selector}._domainkey.{domain}"]);

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
