using System.Diagnostics;
using System.Globalization;
using Dapper;
using MilestoneWatch.Access;
using MilestoneWatch.Checks;
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
    private const string Analyst = "ana@example.org";
    private static readonly LocalDate Start = new(2026, 5, 28);
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    private const string NextDue = """
        select least(
            (select min(next_check_at) from milestones),
            (select min(next_due_at) from subscribers where state = 'active' and cadence <> 'immediate'))
        """;

    private const string LastRecorded = "select max(recorded_at) from entries";

    // A killed run may have had mails in its hands. Writing the same file again is harmless, so nobody waits for its leases.
    private const string TakeOver = """
        update deliveries set state = 'ready', lease_until = null, next_attempt_at = clock_timestamp()
        where state in ('leased', 'sending', 'unknown')
        """;

    public static async Task RunAsync(Settings settings, Output output, bool serve, CancellationToken ct)
    {
        // an alert within seconds shows what a quiet period of ten minutes would hide
        settings.Digests.QuietSeconds = Math.Min(settings.Digests.QuietSeconds, 1);
        settings.Passes.CheckSeconds = Math.Min(settings.Passes.CheckSeconds, 5);
        settings.Passes.DigestSeconds = Math.Min(settings.Passes.DigestSeconds, 1);
        settings.Passes.DeliverySeconds = Math.Min(settings.Passes.DeliverySeconds, 2);
        var now = settings.Clock().GetCurrentInstant();
        var stopwatch = Stopwatch.StartNew();
        var clock = new SteppingClock(now);
        await using var mw = await Installation.OpenAsync(settings, output.Say, ct, clock: clock);
        await ReplayAsync(mw, clock, now, output, ct);
        await JoinAsync(mw, AlertReader, new Schedule(Cadence.Immediate, new LocalTime(8, 0), 0, Paris), ct);
        await NameAnalystAsync(mw, ct);
        output.Say($"Replayed to {Date(now)} in {stopwatch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.");
        var mails = await SentAsync(mw, ct);
        if (!serve)
        {
            Finish(settings, output, mails);
            return;
        }
        using var loggers = ServiceLog.Create(output.Json);
        await using var service = await Installation.OpenAsync(settings, _ => { }, ct, loggers);
        await Service.RunAsync(
            service,
            Roles.All,
            () =>
            {
                Invite(settings, output, mails);
                return Task.CompletedTask;
            },
            ct
        );
    }

    private static async Task ReplayAsync(Installation mw, SteppingClock clock, Instant now, Output output, CancellationToken ct)
    {
        var watchlist = Founding();
        var dates = new FactDates(watchlist, Start);
        var days = dates.Days().ToList();
        var head = await ScalarAsync(mw, LastRecorded, ct);
        var at = Instant.Max(head ?? Instant.MinValue, Morning(Start));
        var told = (await SentAsync(mw, ct)).Count;
        if (mw.Settings.PickupFolder is not null)
        {
            await using var connection = await mw.Database.OpenConnectionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(TakeOver, cancellationToken: ct));
        }
        output.Say(
            head is null ? $"Replaying what was promised from {Date(at)} on:"
            : told == 0 ? $"Resuming at {Date(at)}:"
            : $"Resuming at {Date(at)}; mails written before: {told.ToString(CultureInfo.InvariantCulture)}"
        );
        while (true)
        {
            clock.StepTo(at);
            output.Progress($"  {Date(at)}  …");
            var known = days.LastOrDefault(day => Morning(day) <= at);
            var (_, refused) = await WatchlistImport.RunAsync(mw.Database, dates.KnownOn(known), at, ct);
            if (refused is not null)
            {
                throw new RefusedException($"the founding watchlist: {refused}");
            }
            await JoinAsync(mw, WeeklyReader, new Schedule(Cadence.Weekly, new LocalTime(8, 0), 1, Paris), ct);
            while (await mw.Checks.RunOnceAsync(ct)) { }
            while (await mw.Digests.RunOnceAsync(ct)) { }
            while (await mw.Pump.RunOnceAsync(ct)) { }
            if (mw.Pump.Trouble is { } trouble)
            {
                throw new RefusedException($"the mails cannot be written: {trouble}");
            }
            var sent = await SentAsync(mw, ct);
            foreach (var decision in sent.Skip(told))
            {
                output.Say($"  {Date(decision.DueSlot)}  {decision.SubjectLine}");
            }
            told = sent.Count;
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

    /// <summary>The mails that the weekly reader has had.</summary>
    private static async Task<IReadOnlyList<Decision>> SentAsync(Installation mw, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SubscriberStore.FindAsync(connection, WeeklyReader, ct) is { } reader
            ?
            [
                .. (await DecisionStore.OfAsync(connection, reader.Id, Instant.MinValue, ct))
                    .Where(decision => decision.Outcome == "sent")
                    .OrderBy(decision => decision.DueSlot),
            ]
            : [];
    }

    private static void Finish(Settings settings, Output output, IReadOnlyList<Decision> mails) =>
        output.Write(
            new
            {
                mails = mails.Select(mail => new { due = mail.DueSlot, subject = mail.SubjectLine }),
                mail_folder = MailFolder(settings),
                pages = settings.Site.BaseUrl,
                sign_in = new { page = settings.Site.LinkTo("/sign-in"), email = Analyst },
                try_this = TryThis(),
            },
            () => Console.Out.WriteLine($"Mails    {MailFolder(settings)}")
        );

    private static void Invite(Settings settings, Output output, IReadOnlyList<Decision> mails)
    {
        output.Say("");
        Finish(settings, output, mails);
        output.Say($"Pages    {settings.Site.BaseUrl}");
        output.Say($"Desk     {settings.Site.LinkTo("/sign-in")}  as {Analyst}: the link comes by mail, as a file in that folder");
        output.Say("");
        output.Say("Now try this in another terminal, in the same folder. Its alert lies in the mail folder within 10 s:");
        output.Say("");
        output.Say($"  {TryThis()}");
        output.Say("");
        output.Say("Ctrl-C ends it all.");
    }

    private static string MailFolder(Settings settings) =>
        settings.PickupFolder is { } folder ? Path.GetFullPath(folder) : $"sent through {settings.Smtp.Host}";

    private static string TryThis() => $"{SelfCommand()} reschedule les-ulis-opening \"Q4 2026\" --note \"Said at the partner day\" --yes";

    private static async Task JoinAsync(Installation mw, string email, Schedule schedule, CancellationToken ct)
    {
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            if (await SubscriberStore.FindAsync(connection, email, ct) is not null)
            {
                return;
            }
        }
        await Joining.AddAsync(mw, email, schedule, ["all"], "en", confirmed: true, welcome: false, ct);
    }

    // once, and not beside analysts that somebody named: their roles and sessions stay as they are
    private static async Task NameAnalystAsync(Installation mw, CancellationToken ct)
    {
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            if ((await AnalystStore.AllAsync(connection, ct)).Any(analyst => analyst.Email is not null))
            {
                return;
            }
        }
        await Roster.PutAsync(mw, new Listing("ana", Analyst, Paris.Id, Role.Admin), ct);
    }

    /// <summary>How this process was started, so that the printed command works as it is, on the same home.</summary>
    private static string SelfCommand()
    {
        var path = Environment.ProcessPath ?? "mw";
        var command =
            Directory.Exists("src/MilestoneWatch") ? "dotnet run --project src/MilestoneWatch --"
            : Path.GetFileNameWithoutExtension(path) == "dotnet" ? $"dotnet {typeof(Demo).Assembly.Location}"
            : OnPath(path) ? "mw"
            : path;
        return Environment.GetEnvironmentVariable("MW_Home") is { Length: > 0 } home ? $"MW_Home={home} {command}" : command;
    }

    private static bool OnPath(string path) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Contains(Path.GetDirectoryName(path), StringComparer.Ordinal);

    private static Watchlist Founding()
    {
        using var stream = typeof(Demo).Assembly.GetManifestResourceStream("watchlists.mistral.yaml")!;
        using var reader = new StreamReader(stream);
        return Installation.ReadWatchlist("mistral.yaml", reader.ReadToEnd());
    }

    private static Instant Morning(LocalDate day) => Paris.AtStrictly(day + new LocalTime(10, 0)).ToInstant();

    private static async Task<Instant?> ScalarAsync(Installation mw, string sql, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<Instant?>(new CommandDefinition(sql, cancellationToken: ct));
    }

    private static string Date(Instant instant) =>
        LocalDatePattern.CreateWithInvariantCulture("ddd d MMM uuuu").Format(instant.InZone(Paris).Date);
}
