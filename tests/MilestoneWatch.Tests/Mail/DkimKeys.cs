using System.Security.Cryptography;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

/// <summary>Key files in a folder of their own, and the domain that publishes them.</summary>
internal sealed class DkimKeys : IDisposable
{
    public static readonly MailOptions Sender = new() { From = "MilestoneWatch <watch@example.org>" };

    private readonly string _folder = Directory.CreateTempSubdirectory("mw-dkim-").FullName;

    /// <summary>What the domain publishes, by name.</summary>
    public Dictionary<string, string> Published { get; } = new(StringComparer.Ordinal);

    public DkimJudges Judges => new(Published);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string File(string name, string content)
    {
        var file = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(file, content);
        return file;
    }

    public DkimKeyOptions Rsa(string selector = "rsa1", bool pkcs1 = false, int bits = 2048)
    {
        using var rsa = RSA.Create(bits);
        return Publish(selector, pkcs1 ? rsa.ExportRSAPrivateKeyPem() : rsa.ExportPkcs8PrivateKeyPem());
    }

    public DkimKeyOptions Edwards(string selector = "ed1") => Publish(selector, DkimKey.Generate(ed25519: true));

    public static DkimSigning Signing(params DkimKeyOptions[] keys) => DkimSigning.From(Options(keys), Sender)!;

    public static DkimOptions Options(params DkimKeyOptions[] keys)
    {
        var options = new DkimOptions();
        foreach (var key in keys)
        {
            options.Keys.Add(key);
        }
        return options;
    }

    private DkimKeyOptions Publish(string selector, string pem)
    {
        var file = File($"{selector}.pem", pem);
        Assert.True(DkimKey.TryRead(file, out var key, out var problem) || problem!.Contains("bits", StringComparison.Ordinal), problem);
        if (key is not null)
        {
            Published[$"{selector}._domainkey.example.org"] = key.Record;
        }
        return new DkimKeyOptions { File = file, Selector = selector };
    }
}
