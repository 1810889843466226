using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw delivery list` and `show`: mails on their way, and each one's whole story.</summary>
internal static class DeliveryVerbs
{
    private static readonly InstantPattern Minute = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm'Z'");
    private static readonly InstantPattern Second = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss'Z'");

    public static Command Create() =>
        new("delivery", "Mails on their way: how they stand, and what becomes of them")
        {
            List(),
            Show(),
            DeliveryOrderVerbs.Retry(),
            DeliveryOrderVerbs.Hold(),
            DeliveryOrderVerbs.Cancel(),
        };

    private static Command List()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many, 1 to 10000 (50)",
            DefaultValueFactory = _ => 50,
            HelpName = "N",
        };
        limit.Validators.Add(result =>
        {
            if (
                result.Tokens is [var token]
                && !(int.TryParse(token.Value, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 10_000)
            )
            {
                result.AddError($"--limit is {token.Value}: write a number from 1 to 10000");
            }
        });
        var command = new Command("list", "How many stand how, then the newest and what happens to them next") { limit };
        var filter = new DeliveryFilterOptions(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var now = await DeliveryDesk.ClockAsync(connection, ct);
                var trouble = (await RelayStore.FindAsync(connection, mw.Settings.Relay, ct))?.Trouble;
                var counts = await DeliveryDesk.CountAsync(connection, now, mw.Clock.GetCurrentInstant(), ct);
                var (rows, more) = await DeliveryDesk.ListAsync(connection, filter.Read(parse), parse.GetValue(limit), ct);
                output.Write(
                    new
                    {
                        trouble,
                        counts = DeliverySheet.States.ToDictionary(state => state, state => Sum(counts, state), StringComparer.Ordinal),
                        held = counts.Where(count => count.Held).Sum(count => count.N),
                        deliveries = rows.Select(row => DeliverySheet.Json(row, now, trouble)),
                        more,
                    },
                    () => Print(counts, rows, more, now, trouble)
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<long>("ID") { Description = "As `mw delivery list` has it" };
        var eml = new Option<bool>("--eml") { Description = "Only the mail's exact bytes" };
        var command = new Command("show", "One delivery's whole story: why it was written, each try, what happens next") { id, eml };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var number = parse.GetValue(id);
                var story =
                    await DeliveryDesk.FindAsync(connection, number, ct)
                    ?? throw new RefusedException(
                        FormattableString.Invariant($"there is no delivery {number}: `mw delivery list` shows them")
                    );
                if (parse.GetValue(eml))
                {
                    var bytes = Bytes(story);
                    await using var plain = Console.OpenStandardOutput();
                    await plain.WriteAsync(bytes, ct);
                    return ExitCode.Done;
                }
                var now = await DeliveryDesk.ClockAsync(connection, ct);
                var trouble = (await RelayStore.FindAsync(connection, mw.Settings.Relay, ct))?.Trouble;
                output.Write(
                    DeliverySheet.Json(story, now, trouble),
                    () => Output.Lines(DeliverySheet.Of(story, now, trouble, Output.Width))
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static byte[] Bytes(DeliveryStory story)
    {
        try
        {
            return story.Bytes() ?? throw new RefusedException("its words are deleted already; what is left is what `show` tells");
        }
        catch (ArgumentException e)
        {
            throw new RefusedException($"it cannot be put together, and cannot be sent either: {e.Message}");
        }
    }

    private static void Print(
        IReadOnlyList<(string State, bool Held, long N)> counts,
        IReadOnlyList<DeliveryRow> rows,
        long more,
        Instant now,
        string? trouble
    )
    {
        if (Output.ForPeople)
        {
            foreach (var line in Sheet.Wrap(Summary(counts), Output.Width))
            {
                Console.Out.WriteLine(line);
            }
            if (trouble is not null)
            {
                Console.Out.WriteLine($"The relay takes no mail, so mails wait: {trouble}");
            }
        }
        Output.Table(
            ["Id", "Due", "To", "What", "State", "Next"],
            rows.Select(row =>
                (IReadOnlyList<Cell>)
                    [
                        row.Id.ToString(CultureInfo.InvariantCulture),
                        Minute.Format(row.DueSlot),
                        row.Address,
                        $"{row.Purpose}: {row.SubjectLine}",
                        new Cell(row.Standing, DeliverySheet.Style(row)),
                        row.Next(now, trouble) + (row.Said is { } said && row.State != "sent" ? $"; last: {said}" : ""),
                    ]
            )
        );
        if (more > 0)
        {
            Output.Notice(
                more < DeliveryDesk.Countable
                    ? FormattableString.Invariant($"{more} more: --limit N shows them, --state, --to and the rest narrow them")
                    : FormattableString.Invariant($"{more} more at least: --state, --to and the rest narrow them")
            );
        }
    }

    /// <summary>A sentence: "3 ready (1 held), 1 unknown; in the last 30 days 200 sent, 1 dead."</summary>
    private static string Summary(IReadOnlyList<(string State, bool Held, long N)> counts)
    {
        var held = counts.Where(count => count.Held).ToDictionary(count => count.State, count => count.N, StringComparer.Ordinal);
        string Told(string state) =>
            FormattableString.Invariant($"{Sum(counts, state):N0} {state}")
            + (held.TryGetValue(state, out var waits) ? FormattableString.Invariant($" ({waits:N0} held)") : "");
        return $"{string.Join(", ", DeliverySheet.States.Take(4).Select(Told))}; "
            + $"in the last 30 days {string.Join(", ", DeliverySheet.States.Skip(4).Select(Told))}.";
    }

    private static long Sum(IReadOnlyList<(string State, bool Held, long N)> counts, string state) =>
        counts.Where(count => count.State == state).Sum(count => count.N);

    /// <summary>An instant as people read it, to the second.</summary>
    public static string At(Instant instant) => Second.Format(instant);
}
