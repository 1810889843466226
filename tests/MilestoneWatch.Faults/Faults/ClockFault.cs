using NodaTime;

namespace MilestoneWatch.Faults;

/// <summary>
/// The workers' clock jumps two hours ahead and two hours back (libfaketime; the database's clock stands fast): who is due by it is told
/// once, and what waits by the database's clock takes no notice.
/// </summary>
internal static class ClockFault
{
    private const string Beat = "select beat_at from passes where name = 'delivery'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static async Task<Verdict> RunAsync(Stage stage, CancellationToken ct)
    {
        var rounds = stage.Options.KillsOr(1, 10);
        var library =
            ((string[])["/usr/lib", "/usr/lib64"])
                .Where(Directory.Exists)
                .SelectMany(folder =>
                    Directory.EnumerateFiles(folder, "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true })
                )
                .FirstOrDefault()
            ?? throw new InvalidOperationException("libfaketime is not here: install Debian's package faketime");
        var offset = Path.Combine(stage.Folder, "clock");
        await File.WriteAllTextAsync(offset, "+0\n", ct);
        stage.Environment["LD_PRELOAD"] = library;
        stage.Environment["FAKETIME_TIMESTAMP_FILE"] = offset;
        stage.Environment["FAKETIME_CACHE_DURATION"] = "1";
        stage.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";

        await using var readers = await Readers.JoinAsync(stage, stage.Options.MailsOr(400, 2_000), ct);
        await using var crew = new Crew(stage, "checks,digests,delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        await crew.ServesAsync(ct);
        var complaints = new List<string>();
        var expected = 0L;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (jump, odd) in ((string, bool)[])[("+2h", true), ("-2h", false)])
            {
                await readers.NewsAsync(ct);
                // half are due an hour from now, the others now: only a clock that is ahead sees the first, only one that is behind misses the second
                await readers.AreDueAsync(TimeSpan.FromHours(odd ? 1 : -1), ct, $"id % 2 = {(odd ? 1 : 0)}");
                await File.WriteAllTextAsync(offset, $"{jump}\n", ct);
                stage.Faults++;
                if (!odd)
                {
                    // a while in the past: nobody is told anything twice there
                    await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, ct);
                    await File.WriteAllTextAsync(offset, "+0\n", ct);
                }
                expected += readers.Count / 2;
                try
                {
                    await Stage.UntilAsync("told", async () => await readers.DecisionsAsync(ct) >= expected, Patience, ct);
                }
                catch (TimeoutException)
                {
                    complaints.Add(
                        $"after {jump}, {await readers.DecisionsAsync(ct)} of {expected} digests were decided within {Patience.TotalSeconds:0} s"
                    );
                }
            }
        }
        if (!await GoesOnAsync(stage, ct))
        {
            complaints.Add($"{Patience.TotalSeconds:0} s after the clock went back, the passes still rest");
        }
        await stage.SettleAsync(crew, ct);
        if (await readers.DecisionsAsync(ct) is var decided && decided != expected)
        {
            complaints.Add($"{decided} decisions, where {expected} digests were due");
        }
        return await stage.JudgeAsync(ct, [.. complaints]);
    }

    // By their own schedule: nothing is recorded any more that would wake them.
    private static async Task<bool> GoesOnAsync(Stage stage, CancellationToken ct)
    {
        try
        {
            for (var beat = 0; beat < 3; beat++)
            {
                var last = await stage.ScalarAsync<Instant>(Beat, ct);
                await Stage.UntilAsync("a beat", async () => await stage.ScalarAsync<Instant>(Beat, ct) > last, Patience, ct);
                // what rang it may be the end of another pass
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, ct);
            }
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
