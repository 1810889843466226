namespace MilestoneWatch.Record.Watchlists;

/// <summary>Everything that is wrong with one file, up to a bound that keeps a hostile file cheap.</summary>
internal sealed class Refusals
{
    private const int Most = 500;

    // a node's path is known only once its whole file is read
    private readonly List<(int Line, Func<string> Key, string Message)> refusals = [];

    /// <summary>More would not be listed, so what is costly to word need not be worded.</summary>
    public bool Full => refusals.Count > Most;

    public bool Any => refusals.Count > 0;

    public void Add(YamlNode at, string message) => Add(at.Line, at, message);

    public void Add(int line, YamlNode at, string message) => Add(line, () => at.Path, message);

    public void Add(int line, YamlNode parent, string key, string message) => Add(line, () => parent.PathOf(key), message);

    public void Add(int line, string message) => Add(line, () => "", message);

    public IReadOnlyList<WatchlistError> ByLine() =>
        [.. refusals.Select(r => new WatchlistError(r.Line, r.Key(), r.Message)).OrderBy(e => e.Line)];

    private void Add(int line, Func<string> key, string message)
    {
        if (refusals.Count < Most)
            refusals.Add((line, key, message));
        else if (refusals.Count == Most)
            refusals.Add((line, () => "", "more than this is wrong; mend what is listed first"));
    }
}
