using System.Collections.Frozen;
using System.Security.Cryptography;

namespace MilestoneWatch.Web;

/// <summary>The pages' stylesheets, script and icon, embedded in the executable; their addresses carry a hash of their content.</summary>
internal static class EmbeddedAssets
{
    private const string Prefix = "assets.";
    private static readonly FrozenDictionary<string, EmbeddedAsset> ByName = Load();

    /// <param name="name">"page.css"; an unknown name is a broken build and throws.</param>
    public static string Url(string name)
    {
        var (stem, extension) = Split(name);
        return $"/assets/{stem}.{ByName[name].Hash}{extension}";
    }

    /// <summary>The asset behind "page.1a2b3c4d5e6f.css", and whether the hash is its own: a page of another version asks with another.</summary>
    public static EmbeddedAsset? Find(string file, out bool current)
    {
        var (rest, extension) = Split(file);
        var (stem, hash) = Split(rest);
        var asset = ByName.GetValueOrDefault(stem + extension);
        current = asset is not null && string.Equals(hash, "." + asset.Hash, StringComparison.Ordinal);
        return asset;
    }

    private static (string Stem, string Extension) Split(string name) => (Path.GetFileNameWithoutExtension(name), Path.GetExtension(name));

    private static FrozenDictionary<string, EmbeddedAsset> Load()
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(
                name => name[Prefix.Length..],
                name =>
                {
                    using var stream = assembly.GetManifestResourceStream(name)!;
                    var bytes = new byte[stream.Length];
                    stream.ReadExactly(bytes);
                    var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
                    return new EmbeddedAsset(ZippedBody.Of(body => body.Write(bytes)), ContentType(name), hash);
                },
                StringComparer.Ordinal
            );
    }

    private static string ContentType(string name) =>
        Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new InvalidOperationException($"no content type for an embedded {other}"),
        };
}
