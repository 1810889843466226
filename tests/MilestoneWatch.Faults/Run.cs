namespace MilestoneWatch.Faults;

/// <summary>One fault from the opening to the verdict.</summary>
internal static class Run
{
    /// <returns>0 where every promise held, 1 where one was broken.</returns>
    public static async Task<int> OneAsync(FaultOptions options, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (verdict, folder, faults) = await JudgedAsync(options, ct);
        var broken = verdict.Broken().ToList();
        Console.Out.WriteLine(verdict.Line(options, faults, TimeProvider.System.GetElapsedTime(began)));
        Console.Out.WriteLine(
            broken.Count == 0
                ? $"{options.Fault}: {faults} faults over {verdict.Mails} mails; lost 0, duplicated {verdict.Duplicated}, all of them from {verdict.Ambiguous} attempts in doubt and byte-identical."
                : $"{options.Fault}: BROKEN: {string.Join("; ", broken)}. The raw log is in {folder}"
        );
        if (broken.Count == 0 && options.Keep is null)
        {
            Directory.Delete(folder, recursive: true);
        }
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<(Verdict Verdict, string Folder, int Faults)> JudgedAsync(FaultOptions options, CancellationToken ct)
    {
        await using var disk = options.Fault is "full-disk" or "full-wal" ? new DiskFault(options.Fault == "full-wal") : null;
        var hang = TimeSpan.FromSeconds(options.Short ? 6 : 150);
        var temper = options.Fault switch
        {
            "smtp-refuses" => SmtpFaults.Refusing(options.Seed),
            "smtp-hangs" => SmtpFaults.Hanging(options.Seed),
            "smtp-drops" => SmtpFaults.Dropping(options.Seed),
            _ => Temper.Calm,
        };
        await using var stage = await Stage.OpenAsync(options, temper, ct, disk is null ? null : made => disk.FurnishAsync(made, ct), hang);
        try
        {
            var verdict = await (
                options.Fault switch
                {
                    "kill-worker" => WorkerFaults.KillAsync(stage, ct),
                    "freeze" => WorkerFaults.FreezeAsync(stage, ct),
                    "race" => WorkerFaults.RaceAsync(stage, ct),
                    "kill-postmaster" => PostgresFaults.KillAsync(stage, ct),
                    "restart-postgres" => PostgresFaults.RestartAsync(stage, ct),
                    "smtp-refuses" or "smtp-hangs" or "smtp-drops" => SmtpFaults.RunAsync(stage, ct),
                    "network" => SmtpFaults.NetworkAsync(stage, ct),
                    "clock-jumps" => ClockFault.RunAsync(stage, ct),
                    _ => disk!.RunAsync(stage, ct),
                }
            );
            return (verdict, stage.Folder, stage.Faults);
        }
        catch (TimeoutException e)
        {
            return (await stage.JudgeAsync(ct, e.Message), stage.Folder, stage.Faults);
        }
    }
}
