using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

/// <summary>The watchlist that ships with the product, as the executable carries it.</summary>
internal static class Founding
{
    public static string Yaml { get; } = Embedded();

    public static Watchlist Read()
    {
        WatchlistFile.TryRead(Yaml, out var watchlist, out var errors);
        Assert.Empty(errors);
        return watchlist!;
    }

    /// <summary>A file beside these tests.</summary>
    public static string Beside(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MilestoneWatch.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no solution above the tests");
        return Path.Combine(folder.FullName, "tests/MilestoneWatch.Tests/Record/Watchlists", name);
    }

    private static string Embedded()
    {
        using var stream = typeof(WatchlistFile).Assembly.GetManifestResourceStream("watchlists.mistral.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
