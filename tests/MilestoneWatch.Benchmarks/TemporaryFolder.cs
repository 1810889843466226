namespace MilestoneWatch.Benchmarks;

/// <summary>A folder that goes with whoever made it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mw-benchmarks-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
