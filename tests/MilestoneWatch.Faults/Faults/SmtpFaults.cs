namespace MilestoneWatch.Faults;

/// <summary>What the relay does, and the network on the way to it and to the database.</summary>
internal static class SmtpFaults
{
    public static Temper Refusing(int seed) =>
        new(
            seed,
            (Trouble.TemporaryAtRecipient, 80),
            (Trouble.PermanentAtRecipient, 30),
            (Trouble.TemporaryAtData, 60),
            (Trouble.PermanentAtData, 20),
            (Trouble.TemporaryAtDot, 80),
            (Trouble.PermanentAtDot, 30)
        );

    public static Temper Hanging(int seed) => new(seed, (Trouble.HangAtRecipient, 4), (Trouble.HangAtDot, 4));

    public static Temper Dropping(int seed) =>
        new(
            seed,
            (Trouble.DropAtRecipient, 30),
            (Trouble.DropInContent, 40),
            (Trouble.DropAfterTaking, 40),
            (Trouble.DropBeforeTaking, 40)
        );

    /// <summary>Delivers everything through whatever temper the sink has.</summary>
    public static async Task<Verdict> RunAsync(Stage stage, CancellationToken ct)
    {
        await stage.Filler.FillAsync(stage.Owner, stage.Options.MailsOr(2_000, 50_000), ct);
        await using var crew = new Crew(stage, "delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        await stage.SettleAsync(crew, ct);
        var verdict = await stage.JudgeAsync(ct);
        stage.Faults = stage.Sink.Troubles;
        return verdict;
    }

    /// <summary>Both ways are bad, then both are good again, and what waits gets through.</summary>
    public static async Task<Verdict> NetworkAsync(Stage stage, CancellationToken ct)
    {
        var mails = stage.Options.MailsOr(1_500, 30_000);
        await stage.Filler.FillAsync(stage.Owner, mails, ct);
        await using var toPostgres = new Proxy(stage.Postgres.Port, stage.Options.Seed) { CutOneIn = 400, DelayOneIn = 200 };
        await using var toSink = new Proxy(stage.Sink.Port, stage.Options.Seed + 1) { CutOneIn = 250, DelayOneIn = 200 };
        (stage.PostgresPort, stage.SmtpPort) = (toPostgres.Port, toSink.Port);
        await using var crew = new Crew(stage, "delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        await stage.TakenAsync(mails * 8 / 10, () => crew.ReplaceEnded(), ct);
        foreach (var proxy in (Proxy[])[toPostgres, toSink])
        {
            (proxy.CutOneIn, proxy.DelayOneIn) = (0, 0);
        }
        stage.Faults = toPostgres.Cuts + toSink.Cuts;
        Stage.Say($"cut {toPostgres.Cuts} times before Postgres, {toSink.Cuts} before the sink");
        await stage.SettleAsync(crew, ct);
        return await stage.JudgeAsync(ct);
    }
}
