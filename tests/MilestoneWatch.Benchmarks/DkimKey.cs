using System.Security.Cryptography;

namespace MilestoneWatch.Benchmarks;

/// <summary>A key to sign with, in a folder that goes with it.</summary>
internal sealed class DkimKey : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DkimKey()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(File_, key.ExportPkcs8PrivateKeyPem());
    }

    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MW_Dkim__Keys__0__File"] = File_,
            ["MW_Dkim__Keys__0__Selector"] = "benchmark",
        };

    private string File_ => Path.Combine(_folder.Path, "dkim.pem");

    public void Dispose() => _folder.Dispose();
}
