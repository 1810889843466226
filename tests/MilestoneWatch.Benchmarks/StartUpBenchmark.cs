namespace MilestoneWatch.Benchmarks;

/// <summary>How long someone who types a verb waits for it: the published executable against a process that does nothing.</summary>
internal static class StartUpBenchmark
{
    private const string Name = "start-up";
    private const int WarmUps = 3;
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(0.3);

    public static async Task RunAsync(PublishedExecutable mw, Sizes sizes, Report report, CancellationToken ct)
    {
        var (starts, nothing) = (new Samples(), new Samples());
        for (var i = -WarmUps; i < sizes.Starts; i++)
        {
            var took = await mw.TimeAsync(["window", "parse", "Q3 2026"], ct);
            var reference = await PublishedExecutable.TimeAsync("true", [], ct);
            if (i >= 0)
            {
                starts.Add(took);
                nothing.Add(reference);
            }
        }
        report.Add(new Figure(Name, $"true: median of {nothing.Count}, max", Told(nothing)));
        report.Add(
            new Figure(
                Name,
                $"mw window parse \"Q3 2026\": median of {starts.Count}, max",
                Told(starts),
                "max under 0.3 s",
                starts.Max < Target
            )
        );
        report.Add(new Figure(Name, "ratio of the medians", Report.Ratio(starts.Median / nothing.Median)));
    }

    private static string Told(Samples samples) => $"{Samples.Milliseconds(samples.Median)}, {Samples.Milliseconds(samples.Max)}";
}
