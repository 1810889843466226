namespace MilestoneWatch.Cli;

/// <summary>What scripts rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Refused: the reason on stderr, nothing changed.</summary>
    public const int Refused = 1;
    public const int Usage = 2;

    /// <summary>A dependency is down.</summary>
    public const int Down = 3;
}
