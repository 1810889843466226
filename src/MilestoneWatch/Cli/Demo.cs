using System.Diagnostics;
using System.Globalization;
using Dapper;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record.Watchlists;
using MilestoneWatch.Subscribers;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>
/// Replays the founding watchlist: the clock steps from due instant to due instant, so that every digest that a weekly reader would have
/// had is written; then the pages are served.
/// </summary>
internal static class Demo
{
    private const string WeeklyReader = "weekly-reader@example.org";
    private const string AlertReader = "alert-reader@example.org";
    private static readonly LocalDate Start = new(2026, 5, 28);
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    private const string NextDue = """
        select least(
            (select min(next_check_at) from milestones),
            (select min(next_due_at) from subscribers where state = 'active' and cadence <> 'immediate'))
        """;

    private const string LastRecorded = "select max(recorded_at) from entries";

    private const string Subjects = "select count(*) from decisions where outcome = 'sent'";

    public static async Task RunAsync(
        Settings settings,
        Output output,
        bool serve,
        CancellationToken ct
    )
    {
        // an alert within seconds shows what a quiet period of ten minutes would hide
        settings.Digests.QuietSeconds = Math.Min(settings.Digests.QuietSeconds, 2);
        settings.Passes.CheckSeconds = Math.Min(settings.Passes.CheckSeconds, 5);
        settings.Passes.DigestSeconds = Math.Min(settings.Passes.DigestSeconds, 2);
        settings.Passes.DeliverySeconds = Math.Min(settings.Passes.DeliverySeconds, 2);
        var now = settings.Clock().GetCurrentInstant();
        var stopwatch = Stopwatch.StartNew();
        var clock = new SteppingClock(now);
        await using (var mw = await Installation.OpenAsync(settings, output.Say, ct, clock: clock))
        {
            await ReplayAsync(mw, clock, now, output, ct);
            await JoinAsync(
                mw,
                AlertReader,
                new Schedule(Cadence.Immediate, new LocalTime(8, 0), 0, Paris),
                ct
            );
            output.Say(
                $"Replayed to {Date(now)} in {stopwatch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s."
            );
            if (!serve)
            {
                return;
            }
        }
        using var loggers = ServiceLog.Create();
        await using var service = await Installation.OpenAsync(settings, _ => { }, ct, loggers);
        await Service.RunAsync(
            service,
            Roles.All,
            () =>
            {
                Invite(settings, output);
                return Task.CompletedTask;
            },
            ct
        );
    }

    private static async Task ReplayAsync(
        Installation mw,
        SteppingClock clock,
        Instant now,
        Output output,
        CancellationToken ct
    )
    {
        var watchlist = Founding();
        var dates = new FactDates(watchlist, Start);
        var days = dates.Days().ToList();
        var head = await ScalarAsync(mw, LastRecorded, ct);
        var at = Instant.Max(head ?? Instant.MinValue, Morning(Start));
        var written = 0;
        output.Say(
            head is null
                ? $"Replaying what was promised from {Date(at)} on:"
                : $"Resuming at {Date(at)}:"
        );
        while (true)
        {
            clock.StepTo(at);
            var known = days.LastOrDefault(day => Morning(day) <= at);
            await WatchlistImport.RunAsync(mw.Database, dates.KnownOn(known), at, ct);
            await JoinAsync(
                mw,
                WeeklyReader,
                new Schedule(Cadence.Weekly, new LocalTime(8, 0), 1, Paris),
                ct
            );
            while (await mw.Checks.RunOnceAsync(ct)) { }
            while (await mw.Digests.RunOnceAsync(ct)) { }
            while (await mw.Pump.RunOnceAsync(ct)) { }
            if (mw.Pump.Trouble is { } trouble)
            {
                throw new RefusedException($"the mails cannot be written: {trouble}");
            }
            written = await TellNewAsync(mw, written, output, ct);
            if (at >= now)
            {
                return;
            }
            var next = days.Select(Morning).Where(morning => morning > at).Append(now).Min();
            if (await ScalarAsync(mw, NextDue, ct) is { } due)
            {
                next = Instant.Min(next, Instant.Max(due, at + Duration.FromTicks(10)));
            }
            at = Instant.Min(next, now);
        }
    }

    private static async Task<int> TellNewAsync(
        Installation mw,
        int seen,
        Output output,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        if (
            await connection.ExecuteScalarAsync<int>(
                new CommandDefinition(Subjects, cancellationToken: ct)
            ) == seen
        )
        {
            return seen;
        }
        var reader = (await SubscriberStore.FindAsync(connection, WeeklyReader, ct))!;
        var sent = (await DecisionStore.OfAsync(connection, reader.Id, ct))
            .Where(decision => decision.Outcome == "sent")
            .ToList();
        foreach (var decision in sent.Skip(seen))
        {
            output.Say($"  {Date(decision.DueSlot)}  {decision.SubjectLine}");
        }
        return sent.Count;
    }

    private static void Invite(Settings settings, Output output)
    {
        output.Say("");
        output.Say($"Mails    {Path.GetFullPath(settings.PickupFolder ?? "")}");
        output.Say($"Pages    {settings.Site.BaseUrl}");
        output.Say("");
        output.Say(
            "Now try this in another terminal, in the same folder. Its alert lies in the mail folder within 10 s:"
        );
        output.Say("");
        output.Say(
            $"  {SelfCommand()} reschedule les-ulis-opening \"Q4 2026\" --note \"Said at the partner day\""
        );
        output.Say("");
        output.Say("Ctrl-C ends it all.");
    }

    private static Task JoinAsync(
        Installation mw,
        string email,
        Schedule schedule,
        CancellationToken ct
    ) => JoinOnceAsync(mw, email, schedule, ct);

    private static async Task JoinOnceAsync(
        Installation mw,
        string email,
        Schedule schedule,
        CancellationToken ct
    )
    {
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            if (await SubscriberStore.FindAsync(connection, email, ct) is not null)
            {
                return;
            }
        }
        await Joining.AddAsync(mw, email, schedule, ["all"], confirmed: true, ct);
    }

    /// <summary>How this process was started, so that the printed command works as it is.</summary>
    private static string SelfCommand() =>
        Environment.ProcessPath is { } path
        && Path.GetFileNameWithoutExtension(path) == "mw"
        && !path.Contains(
            $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}Debug",
            StringComparison.Ordinal
        )
            ? "mw"
            : "dotnet run --project src/MilestoneWatch --";

    private static Watchlist Founding()
    {
        using var stream = typeof(Demo).Assembly.GetManifestResourceStream(
            "watchlists.mistral.yaml"
        )!;
        using var reader = new StreamReader(stream);
        return Installation.ReadWatchlist("mistral.yaml", reader.ReadToEnd());
    }

    private static Instant Morning(LocalDate day) =>
        Paris.AtStrictly(day + new LocalTime(10, 0)).ToInstant();

    private static async Task<Instant?> ScalarAsync(
        Installation mw,
        string sql,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Instant?>(
            new CommandDefinition(sql, cancellationToken: ct)
        );
    }

    private static string Date(Instant instant) =>
        LocalDatePattern
            .CreateWithInvariantCulture("ddd d MMM uuuu")
            .Format(instant.InZone(Paris).Date);
}
