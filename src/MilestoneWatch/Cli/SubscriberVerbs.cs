using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Bounces;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>`mw subscriber …`: who gets mail, about what, when, and what came of it.</summary>
internal static class SubscriberVerbs
{
    public static Command Create() =>
        new("subscriber", "Who gets mail, about what and when")
        {
            Add(),
            List(),
            Show(),
            Change(),
            Pause(),
            Resume(),
            WhyVerb.Create(),
            Leave(),
            SubscriberDataVerbs.Export(),
            SubscriberDataVerbs.Erase(),
        };

    public static Argument<string> Email() => new("EMAIL") { Description = "The reader's address" };

    private static Command Add()
    {
        var email = Email();
        var confirmed = new Option<bool>("--confirmed") { Description = "They have agreed already; no confirmation mail" };
        var noWelcome = new Option<bool>("--no-welcome") { Description = "With --confirmed: no mail about how things stand today" };
        var command = new Command("add", "Add a reader; without --confirmed they are first asked by mail") { email, confirmed, noWelcome };
        var wishes = new WishOptions(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var outcome = await Joining.AddAsync(
                    mw,
                    Address(parse.GetRequiredValue(email)),
                    wishes.Schedule(parse, null),
                    wishes.Topics(parse) ?? ["all"],
                    wishes.Code(parse) ?? Language.English.Code,
                    parse.GetValue(confirmed),
                    welcome: parse.GetValue(confirmed) && !parse.GetValue(noWelcome),
                    ct
                );
                output.Write(
                    SubscriberJson.Of(outcome),
                    () =>
                        Console.Out.WriteLine(
                            outcome.State == "active"
                                ? $"{outcome.Email} follows {ScheduleWords.Topics([.. outcome.Chosen])}, {ScheduleWords.When(outcome.Schedule)}{Next(outcome)}."
                                : $"{outcome.Email} is asked by mail to confirm; until then nothing else is sent."
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Change()
    {
        var email = Email();
        var silent = new Option<bool?>("--nothing-changed")
        {
            Description = "Whether a short mail says after 28 days that nothing changed",
            HelpName = "true|false",
        };
        var command = new Command("change", "Change when, about what or in which language; repeats and loses no news") { email, silent };
        var wishes = new WishOptions(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var wanted = new Wanted(
                    wishes.Schedule(parse, reader.Schedule),
                    wishes.Topics(parse) is { } slugs ? await Joining.TopicsAsync(connection, slugs, ct) : [.. reader.Chosen],
                    wishes.Code(parse) ?? reader.Language,
                    parse.GetValue(silent) ?? reader.NothingChanged
                );
                await Preferences.ChangeAsync(connection, reader.Id, wanted, Ledger.Micros(mw.Clock.GetCurrentInstant()), ct);
                await TellAsync(mw, reader, output, ct);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All readers");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var all = await SubscriberStore.ListAsync(connection, ct);
                var refusing = await SuppressionStore.OfReadersAsync(connection, [.. all.Select(reader => reader.Id)], ct);
                output.Write(
                    new JsonArray([.. all.Select(reader => (JsonNode)SubscriberJson.Of(reader, refusing.GetValueOrDefault(reader.Id)))]),
                    () =>
                        Output.Table(
                            ["Reader", "State", "When", "Topics", "Next", "Mails"],
                            all.Select(reader =>
                                new[]
                                {
                                    reader.Email,
                                    refusing.TryGetValue(reader.Id, out var reason)
                                        ? $"{reader.State}, suppressed ({reason})"
                                        : reader.State,
                                    ScheduleWords.When(reader.Schedule),
                                    ScheduleWords.Topics([.. reader.Chosen]),
                                    reader.NextDueAt is { } next ? InstantPattern.General.Format(next) : "—",
                                    reader.DigestNumber.ToString(CultureInfo.InvariantCulture),
                                }
                            )
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Show()
    {
        var email = Email();
        var command = new Command("show", "One reader") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                var refuses = await SuppressedAsync(connection, reader, ct);
                output.Write(
                    SubscriberJson.Of(reader, refuses?.Reason),
                    () =>
                    {
                        Console.Out.WriteLine(Standing(reader));
                        if (refuses is not null)
                        {
                            Console.Out.WriteLine(Refusing(refuses));
                        }
                        Console.Out.WriteLine(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"Knows everything up to position {reader.Position}; {reader.DigestNumber} mails so far{Next(reader)}."
                            )
                        );
                    }
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Pause()
    {
        var email = Email();
        var until = new Option<string?>("--until")
        {
            Description = "The day, in the reader's zone, from which mail comes again; without it, until `mw subscriber resume`",
            HelpName = "2026-12-24",
        };
        var command = new Command("pause", "No mail for a while; what happens meanwhile is told afterwards") { email, until };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                var today = now.InZone(reader.Schedule.Zone).Date;
                var day = parse.GetValue(until) is { } text ? Typed.Day("--until", text) : (LocalDate?)null;
                if (day <= today)
                {
                    throw new RefusedException($"--until {LocalDatePattern.Iso.Format(day.Value)} has come already: write a later day");
                }
                if (reader.State is not ("active" or "paused"))
                {
                    throw new RefusedException($"{reader.Email} gets no mail that could be paused: they are {reader.State}");
                }
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await Preferences.PauseAsync(connection, reader.Id, day, now, ct);
                await TellAsync(mw, reader, output, ct);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Resume()
    {
        var email = Email();
        var command = new Command("resume", "End a pause") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                if (reader.State != "paused")
                {
                    throw new RefusedException($"{reader.Email} is not paused but {reader.State}");
                }
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await Preferences.ResumeAsync(connection, reader.Id, Ledger.Micros(mw.Clock.GetCurrentInstant()), ct);
                await TellAsync(mw, reader, output, ct);
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>Why a reader gets no mail; null where nothing stands in the way.</summary>
    public static async Task<Suppression?> SuppressedAsync(NpgsqlConnection connection, Subscriber reader, CancellationToken ct) =>
        Mailbox.TryRead(reader.Email, out var mailbox) ? await SuppressionStore.StandingAsync(connection, mailbox.Key, ct) : null;

    public static string Refusing(Suppression refuses) =>
        $"No mail is sent since {InstantPattern.General.Format(refuses.SuppressedAt)}, {refuses.InWords()}. `mw suppression remove {refuses.Address} --reason TEXT` allows it again.";

    private static async Task TellAsync(Installation mw, Subscriber before, Output output, CancellationToken ct)
    {
        var reader = await FindAsync(mw, before.Email, ct);
        output.Write(SubscriberJson.Of(reader), () => Console.Out.WriteLine(Standing(reader)));
    }

    private static string Standing(Subscriber reader)
    {
        var zone = reader.Schedule.Zone;
        var state =
            reader.State != "paused" ? reader.State
            : reader.PausedUntil is { } until ? $"paused until {LocalDatePattern.Iso.Format(until.InZone(zone).Date)}"
            : "paused until they resume";
        return $"{reader.Email} is {state}. {ScheduleWords.Of(reader)}";
    }

    private static Command Leave()
    {
        var email = Email();
        var command = new Command("remove", "The reader leaves: nothing more is sent, not even what waits") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await SubscriberStore.LeaveAsync(connection, reader.Id, mw.Clock.GetCurrentInstant(), ct);
                output.Write(SubscriberJson.Of(reader with { State = "left" }), () => Console.Out.WriteLine($"{reader.Email} has left."));
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static async Task<Subscriber> FindAsync(Installation mw, string email, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SubscriberStore.FindAsync(connection, email, ct)
            ?? throw new RefusedException($"nobody subscribes as {email}; `mw subscriber list` shows all");
    }

    private static string Address(string email) =>
        Mailbox.TryRead(email.Trim(), out var mailbox)
            ? mailbox.Address
            : throw new RefusedException($"\"{email}\" is no address that mail can be sent to: write it as name@example.org");

    /// <summary>"; next 2026-10-05T06:00:00Z"; empty for whom nothing is due.</summary>
    public static string Next(Subscriber reader) =>
        reader.NextDueAt is { } next && reader.State == "active" ? $"; next {InstantPattern.General.Format(next)}" : "";
}
