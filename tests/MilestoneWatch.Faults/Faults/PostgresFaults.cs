using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>What happens to the database while mails are written and delivered.</summary>
internal static class PostgresFaults
{
    public static Task<Verdict> KillAsync(Stage stage, CancellationToken ct) =>
        RunAsync(
            stage,
            _ =>
            {
                stage.Postgres.Kill();
                return Task.CompletedTask;
            },
            ct
        );

    public static Task<Verdict> RestartAsync(Stage stage, CancellationToken ct) =>
        RunAsync(stage, fault => stage.Postgres.StopAsync(fault % 2 == 0 ? "fast" : "immediate", ct), ct);

    private static async Task<Verdict> RunAsync(Stage stage, Func<int, Task> bringDown, CancellationToken ct)
    {
        var (mails, kills) = (stage.Options.MailsOr(3_000, 50_000), stage.Options.KillsOr(4, 100));
        await stage.Filler.FillAsync(stage.Owner, mails / 2, ct);
        await using var crew = new Crew(stage, "delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        var filling = KeepFillingAsync(stage, mails, ct);
        var between = mails / (kills + 1.0);
        for (var i = 0; i < kills; i++)
        {
            if (!await stage.TakenAsync((int)((i + 0.5 + stage.Random.NextDouble()) * between), () => crew.ReplaceEnded(), ct))
            {
                break;
            }
            await bringDown(i);
            stage.Faults++;
            await stage.Postgres.StartAsync(ct);
        }
        await filling;
        await stage.SettleAsync(crew, ct);
        return await stage.JudgeAsync(ct);
    }

    /// <summary>Small transactions until enough were acknowledged; what failed is written again as new mails.</summary>
    public static async Task KeepFillingAsync(Stage stage, int mails, CancellationToken ct)
    {
        const int Batch = 50;
        while (stage.Filler.Acknowledged.Count < mails)
        {
            try
            {
                await using var connection = await stage.Owner.OpenConnectionAsync(ct);
                while (stage.Filler.Acknowledged.Count < mails)
                {
                    await stage.Filler.FillBatchAsync(connection, Math.Min(Batch, mails - stage.Filler.Acknowledged.Count), ct);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
        }
    }
}
