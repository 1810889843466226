using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class DkimConfigurationTests
{
    [Fact]
    public void No_key_is_no_signature_and_no_problem()
    {
        Assert.Empty(new DkimOptions().Problems(DkimKeys.Sender));
        Assert.Null(DkimSigning.From(new DkimOptions(), DkimKeys.Sender));
    }

    [Fact]
    public void Two_keys_bind_by_number_and_the_domain_may_be_above_the_senders()
    {
        using var keys = new DkimKeys();
        var (one, two) = (keys.Rsa(), keys.Edwards());

        var settings = Load(
            ("Mail:From", "watch@news.example.org"),
            ("Dkim:Domain", "Example.org"),
            ("Dkim:Keys:0:File", one.File),
            ("Dkim:Keys:0:Selector", "rsa1"),
            ("Dkim:Keys:1:File", two.File),
            ("Dkim:Keys:1:Selector", "ed1")
        );

        Assert.Equal("example.org", settings.Dkim.DomainFor(settings.Mail));
        Assert.Equal(2, settings.Dkim.Keys.Count);
    }

    [Fact]
    public void A_misspelt_setting_is_told_since_mails_would_go_unsigned() =>
        Assert.ThrowsAny<Exception>(() => Load(("Dkim:KeyFile", "/etc/key.pem")));

    [Theory]
    [InlineData("", "is not set")]
    [InlineData("/nowhere/key.pem", "cannot be read")]
    [InlineData("/", "cannot be read")]
    public void A_file_that_is_not_there_is_told(string file, string word) => Told(new() { File = file, Selector = "s" }, "__File", word);

    [Theory]
    [InlineData("", "no private key")]
    [InlineData("hello", "no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nnot base64 !!\n-----END PRIVATE KEY-----\n", "no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEvgIB", "no private key")]
    public void A_file_that_is_no_key_is_told(string content, string word)
    {
        using var keys = new DkimKeys();
        Told(new() { File = keys.File("k.pem", content), Selector = "s" }, "__File", word);
    }

    [Fact]
    public void Keys_that_cannot_sign_are_told_apart()
    {
        using var keys = new DkimKeys();
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var much = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

        Told(keys.Rsa(bits: 1024), "__File", "1024 bits");
        foreach (
            var (pem, word) in new[]
            {
                (rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", much), "encrypted"),
                (rsa.ExportSubjectPublicKeyInfoPem(), "public key"),
                (curve.ExportPkcs8PrivateKeyPem(), "neither RSA nor Ed25519"),
                (curve.ExportECPrivateKeyPem(), "neither RSA nor Ed25519"),
            }
        )
        {
            Told(new() { File = keys.File("k.pem", pem), Selector = "s" }, "__File", word);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("é")]
    [InlineData("s; d=example.com")]
    public void A_selector_that_no_domain_can_publish_is_told(string selector)
    {
        using var keys = new DkimKeys();
        Told(new() { File = keys.Rsa().File, Selector = selector }, "__Selector", "set it to");
    }

    [Fact]
    public void A_selector_holds_one_key()
    {
        using var keys = new DkimKeys();
        var key = keys.Rsa();

        var problem = Assert.Single(DkimKeys.Options(key, key).Problems(DkimKeys.Sender));

        Assert.StartsWith("MW_Dkim__Keys__1__Selector", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watch@example.org", "example.com", "not above")]
    [InlineData("watch@example.org", "le.org", "not above")]
    [InlineData("watch@example.org", "org", "domain of your own")]
    [InlineData("watch@localhost", "", "MW_Mail__From")]
    public void A_domain_that_does_not_answer_for_the_sender_is_told(string from, string domain, string word)
    {
        using var keys = new DkimKeys();
        var options = DkimKeys.Options(keys.Rsa());
        options.Domain = domain;

        Assert.Contains(word, Assert.Single(options.Problems(new MailOptions { From = from })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_domain_without_a_key_is_told() =>
        Assert.Contains(
            "MW_Dkim__Keys__0__File",
            Assert.Single(new DkimOptions { Domain = "example.org" }.Problems(DkimKeys.Sender)),
            StringComparison.Ordinal
        );

    private static void Told(DkimKeyOptions key, string setting, string word)
    {
        var problem = Assert.Single(DkimKeys.Options(key).Problems(DkimKeys.Sender));
        Assert.StartsWith($"MW_Dkim__Keys__0{setting}", problem, StringComparison.Ordinal);
        Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    private static Settings Load(params (string Key, string Value)[] settings) =>
        Settings.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build()
        );
}
