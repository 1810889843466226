using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using MilestoneWatch.Subscribers;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw subscriber …`: who gets mail, about what, when, and what came of it.</summary>
internal static class SubscriberVerbs
{
    public static Command Create() => new("subscriber", "Who gets mail, about what and when") { Add(), List(), Show(), Why(), Leave() };

    public static Argument<string> Email() => new("EMAIL") { Description = "The reader's address" };

    private static Command Add()
    {
        var email = Email();
        var cadence = new Option<string>("--cadence")
        {
            Description = "immediate, daily, weekly (the default) or monthly",
            DefaultValueFactory = _ => "weekly",
        };
        cadence.AcceptOnlyFromAmong("immediate", "daily", "weekly", "monthly");
        var at = new Option<string>("--at")
        {
            Description = "The local time",
            HelpName = "08:00",
            DefaultValueFactory = _ => "08:00",
        };
        var day = new Option<string?>("--day")
        {
            Description = "Weekly: mon to sun (mon). Monthly: 1 to 28, or last (1)",
            HelpName = "mon|1",
        };
        var zone = new Option<string>("--zone")
        {
            Description = "The reader's time zone",
            HelpName = "Europe/Paris",
            DefaultValueFactory = _ => LocalZone(),
        };
        var topics = new Option<string>("--topics")
        {
            Description = "all, or slugs of subjects and milestones, with commas",
            HelpName = "all|SLUG,…",
            DefaultValueFactory = _ => "all",
        };
        var confirmed = new Option<bool>("--confirmed") { Description = "They have agreed already; no confirmation mail" };
        var command = new Command("add", "Add a reader; without --confirmed they are first asked by mail")
        {
            email,
            cadence,
            at,
            day,
            zone,
            topics,
            confirmed,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var address = Address(parse.GetRequiredValue(email));
                var schedule = Schedule(
                    LedgerJson.ReadEnum<Cadence>(parse.GetRequiredValue(cadence)),
                    parse.GetRequiredValue(at),
                    parse.GetValue(day),
                    parse.GetRequiredValue(zone)
                );
                var outcome = await Joining.AddAsync(
                    mw,
                    address,
                    schedule,
                    parse.GetRequiredValue(topics).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                    parse.GetValue(confirmed),
                    ct
                );
                output.Write(
                    Json(outcome),
                    () =>
                        Console.Out.WriteLine(
                            outcome.State == "active"
                                ? $"{outcome.Email} follows {ScheduleWords.Topics(outcome.Topics)}, {ScheduleWords.When(outcome.Schedule)}{Next(outcome)}."
                                : $"{outcome.Email} is asked by mail to confirm; until then nothing else is sent."
                        )
                );
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
                output.Write(
                    new JsonArray([.. all.Select(reader => (JsonNode)Json(reader))]),
                    () =>
                        Output.Table(
                            ["Reader", "State", "When", "Topics", "Next", "Mails"],
                            all.Select(reader =>
                                new[]
                                {
                                    reader.Email,
                                    reader.State,
                                    ScheduleWords.When(reader.Schedule),
                                    ScheduleWords.Topics(reader.Topics),
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
                output.Write(
                    Json(reader),
                    () =>
                    {
                        Console.Out.WriteLine($"{reader.Email} is {reader.State}. {ScheduleWords.Of(reader)}");
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

    private static Command Why()
    {
        var email = Email();
        var command = new Command("why", "For every due digest: what was sent, or why nothing was") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await FindAsync(mw, parse.GetRequiredValue(email), ct);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var decisions = await DecisionStore.OfAsync(connection, reader.Id, ct);
                output.Write(
                    decisions,
                    () =>
                        Output.Table(
                            ["Due", "What", "Subject", "Delivery"],
                            decisions.Select(decision =>
                                new[]
                                {
                                    InstantPattern.General.Format(decision.DueSlot),
                                    decision.InWords(),
                                    decision.SubjectLine ?? "—",
                                    decision.DeliveryInWords(),
                                }
                            )
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
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
                output.Write(Json(reader with { State = "left" }), () => Console.Out.WriteLine($"{reader.Email} has left."));
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

    public static Schedule Schedule(Cadence cadence, string at, string? day, string zone)
    {
        if (!LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at).TryGetValue(default, out var time))
        {
            throw new RefusedException($"--at \"{at}\" is no time: write it as 08:00");
        }
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not { } known)
        {
            throw new RefusedException($"--zone \"{zone}\" is no IANA time zone: write it as Europe/Paris");
        }
        return new Schedule(cadence, time, Day(cadence, day), known);
    }

    private static int Day(Cadence cadence, string? day)
    {
        string[] week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        switch (cadence)
        {
            case Cadence.Weekly:
                var index = Array.IndexOf(week, (day ?? "mon").ToLowerInvariant());
                return index >= 0
                    ? index + 1
                    : throw new RefusedException($"--day \"{day}\" is no day of the week: write mon, tue, wed, thu, fri, sat or sun");
            case Cadence.Monthly when day == "last":
                return 31;
            case Cadence.Monthly:
                return int.TryParse(day ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 28
                    ? number
                    : throw new RefusedException($"--day \"{day}\" is no day of every month: write 1 to 28, or last");
            default:
                return day is null ? 0 : throw new RefusedException("--day goes with --cadence weekly or monthly");
        }
    }

    private static string Address(string email) =>
        Mailbox.TryRead(email.Trim(), out var mailbox)
            ? mailbox.Address
            : throw new RefusedException($"\"{email}\" is no address that mail can be sent to: write it as name@example.org");

    private static string LocalZone() => DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) is { } zone ? zone.Id : "UTC";

    private static string Next(Subscriber reader) =>
        reader.NextDueAt is { } next && reader.State == "active" ? $"; next {InstantPattern.General.Format(next)}" : "";

    private static JsonObject Json(Subscriber reader) =>
        new()
        {
            ["email"] = reader.Email,
            ["state"] = reader.State,
            ["cadence"] = LedgerJson.WriteEnum(reader.Schedule.Cadence),
            ["at"] = reader.Schedule.At.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["day"] = reader.Schedule.Day,
            ["zone"] = reader.Schedule.Zone.Id,
            ["language"] = reader.Language,
            ["topics"] = new JsonArray([.. reader.Topics.Select(topic => (JsonNode)(topic.Name ?? "all"))]),
            ["position"] = reader.Position,
            ["digests"] = reader.DigestNumber,
            ["next_due_at"] = reader.NextDueAt is { } next ? InstantPattern.ExtendedIso.Format(next) : null,
        };
}
