namespace MilestoneWatch.Access;

/// <summary>Where to go on after signing in: a page of ours, whatever an address asks for.</summary>
internal static class LocalPath
{
    private const int Longest = 2000;

    /// <summary>The path, if no browser can read it as anything but one of this host; null for all else.</summary>
    public static string? Read(string? path) =>
        // browsers take "\" for "/", and drop tabs and line ends before they look
        path is ['/', ..] and not ['/', '/', ..]
        && path.Length <= Longest
        && path.All(letter => letter is > ' ' and <= '~' and not '\\')
            ? path
            : null;
}
