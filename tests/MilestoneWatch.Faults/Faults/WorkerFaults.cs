namespace MilestoneWatch.Faults;

/// <summary>What happens to workers: kill -9, and a freeze from which they wake as if nothing had been.</summary>
internal static class WorkerFaults
{
    /// <summary>A kill of a replica that is delivering, every so many mails.</summary>
    public static async Task<Verdict> KillAsync(Stage stage, CancellationToken ct)
    {
        var (mails, kills) = (stage.Options.MailsOr(3_000, 100_000), stage.Options.KillsOr(15, 1_000));
        await stage.Filler.FillAsync(stage.Owner, mails, ct);
        await using var crew = new Crew(stage, "delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        Stage.Say($"{mails} mails wait");
        crew.Start();
        var between = mails / (kills + 1.0);
        for (var i = 0; i < kills; i++)
        {
            var mark = (int)((i + 0.5 + stage.Random.NextDouble()) * between);
            if (!await stage.TakenAsync(Math.Min(mark, mails), () => crew.ReplaceEnded(), ct))
            {
                break;
            }
            // a replica that has delivered since it started, or the kill would try nothing
            var pick = stage.Random.Next();
            Worker? victim = null;
            for (var wait = 0; wait < 5_000 && victim is null && stage.Sink.Taken < mails; wait++)
            {
                var busy = crew.Workers.Where(worker => stage.Sink.TakenFrom(worker.Name) > 0).ToList();
                victim = busy.Count > 0 ? busy[pick % busy.Count] : null;
                await Task.Delay(victim is null ? 2 : stage.Random.Next(4), ct);
            }
            if (victim is null)
            {
                break;
            }
            crew.KillAndReplace(victim);
            stage.Faults++;
            if (stage.Faults % 50 == 0)
            {
                Stage.Say($"{stage.Faults} kills, {stage.Sink.Taken} mails");
            }
        }
        await stage.SettleAsync(crew, ct);
        return await stage.JudgeAsync(ct);
    }

    /// <summary>Two of the replicas stop at once, one for long and one for longer, while digests are written and sent.</summary>
    public static async Task<Verdict> FreezeAsync(Stage stage, CancellationToken ct)
    {
        var rounds = (stage.Options.KillsOr(6, 50) + 1) / 2;
        var (first, second) = stage.Options.Short ? (4, 7) : (30, 90);
        // shorter than the freeze, so that others take over
        stage.Lease = TimeSpan.FromSeconds(first / 2);
        await using var readers = await Readers.JoinAsync(stage, stage.Options.MailsOr(800, 2_000), ct);
        await using var crew = new Crew(stage, "checks,digests,delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        for (var round = 0; round < rounds; round++)
        {
            await readers.NewsAsync(ct);
            await readers.AreDueAsync(TimeSpan.FromSeconds(-1), ct);
            await Task.Delay(TimeSpan.FromMilliseconds(stage.Random.Next(2_500)), TimeProvider.System, ct);
            var victims = crew.Workers.ToArray();
            stage.Random.Shuffle(victims);
            foreach (var victim in victims[..2])
            {
                victim.Freeze();
                stage.Faults++;
                await Task.Delay(TimeSpan.FromMilliseconds(stage.Random.Next(100)), TimeProvider.System, ct);
            }
            await Task.Delay(TimeSpan.FromSeconds(first), TimeProvider.System, ct);
            victims[0].Thaw();
            await Task.Delay(TimeSpan.FromSeconds(second - first), TimeProvider.System, ct);
            victims[1].Thaw();
            await Stage.UntilAsync(
                "every reader's digest is decided",
                async () => await stage.ScalarAsync<long>("select count(*) from subscribers where next_due_at < now()", ct) == 0,
                TimeSpan.FromSeconds(60),
                ct
            );
            Stage.Say($"round {round + 1} of {rounds}: {stage.Sink.Taken} mails");
        }
        await stage.SettleAsync(crew, ct);
        return await stage.JudgeAsync(ct, [.. await MissingAsync(readers, rounds, ct)]);
    }

    /// <summary>Every replica's digest pass, and then its pump, at the same moment.</summary>
    public static async Task<Verdict> RaceAsync(Stage stage, CancellationToken ct)
    {
        var rounds = stage.Options.KillsOr(2, 20);
        await using var readers = await Readers.JoinAsync(stage, stage.Options.MailsOr(1_000, 1_000), ct);
        var complaints = new List<string>();
        for (var round = 1; round <= rounds; round++)
        {
            await readers.NewsAsync(ct);
            await readers.AreDueAsync(TimeSpan.FromSeconds(-1), ct);
            foreach (var verb in (string[])["digest", "deliver"])
            {
                var exits = await Task.WhenAll(
                    Enumerable
                        .Range(1, stage.Options.Replicas)
                        .Select(replica => stage.RunAsync($"{verb}{round}-{replica}.faults.example", ct, verb))
                );
                if (exits.Any(exit => exit != 0))
                {
                    complaints.Add($"mw {verb} ended with {string.Join(", ", exits)}");
                }
            }
            stage.Faults++;
        }
        complaints.AddRange(await MissingAsync(readers, rounds, ct));
        return await stage.JudgeAsync(ct, [.. complaints]);
    }

    private static async Task<string[]> MissingAsync(Readers readers, int rounds, CancellationToken ct) =>
        await readers.DecisionsAsync(ct) is var decided && decided == (long)rounds * readers.Count
            ? []
            : [$"{decided} decisions for {rounds} digests of {readers.Count} readers"];
}
