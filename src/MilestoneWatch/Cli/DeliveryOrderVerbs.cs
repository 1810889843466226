using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>`mw delivery retry`, `hold` and `cancel`: done to all that are named, or to none.</summary>
internal static class DeliveryOrderVerbs
{
    public static Command Retry()
    {
        var ids = Ids(ArgumentArity.ZeroOrMore);
        var command = new Command("retry", "Send again, at once; what is held is held no more") { ids };
        var filter = new DeliveryFilterOptions(command);
        command.Validators.Add(result =>
        {
            var states = result.GetResult("--state") is not null;
            if (result.GetValue(ids) is { Length: > 0 } == states)
            {
                result.AddError(
                    states
                        ? "give IDs or --state, not both"
                        : "give IDs, or --state STATE and, if need be, --to, --purpose, --since, --until, --reply"
                );
            }
        });
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var orders = new DeliveryOrders(mw.Database);
                if (parse.GetValue(ids) is { Length: > 0 } named)
                {
                    if (filter.AreGiven(parse))
                    {
                        throw new SettingsException("give IDs, or --state and the other filters, not both");
                    }
                    return Tell(await orders.RetryAsync(Distinct(named), ct), "retried", output, Retried);
                }
                var meant = filter.Read(parse);
                if (Array.Find(meant.States!, state => !DeliveryOrders.Retried.Contains(state)) is { } state)
                {
                    throw new RefusedException(
                        $"what is {state} cannot be sent again: --state takes {string.Join(", ", DeliveryOrders.Retried)}"
                    );
                }
                var (done, left) = await orders.RetryAsync(meant, ct);
                output.Write(
                    new { retried = done, left },
                    () =>
                        Console.Out.WriteLine(
                            string.Create(CultureInfo.InvariantCulture, $"{done:N0} go out again.")
                                + (
                                    left > 0
                                        ? string.Create(
                                            CultureInfo.InvariantCulture,
                                            $" {left:N0} stay: their readers have left or paused, or nothing is sent to their addresses."
                                        )
                                        : ""
                                )
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Hold()
    {
        var ids = Ids(ArgumentArity.OneOrMore);
        var command = new Command("hold", "Wait until `mw delivery retry`; what is held still expires") { ids };
        command.Runs(
            async (parse, mw, output, ct) =>
                Tell(
                    await new DeliveryOrders(mw.Database).HoldAsync(Distinct(parse.GetRequiredValue(ids)), ct),
                    "held",
                    output,
                    one => FormattableString.Invariant($"Delivery {one.Id} to {one.Address} waits until `mw delivery retry {one.Id}`.")
                )
        );
        return command;
    }

    public static Command Cancel()
    {
        var ids = Ids(ArgumentArity.OneOrMore);
        var reason = new Option<string?>("--reason") { Description = "Why; kept with it", HelpName = "TEXT" };
        var command = new Command("cancel", "Do not send; a digest that is cancelled is not told again") { ids, reason };
        command.Runs(
            async (parse, mw, output, ct) =>
                Tell(
                    await new DeliveryOrders(mw.Database).CancelAsync(
                        Distinct(parse.GetRequiredValue(ids)),
                        Typed.Text("--reason", parse.GetValue(reason)),
                        ct
                    ),
                    "cancelled",
                    output,
                    one =>
                        FormattableString.Invariant(
                            $"Delivery {one.Id} to {one.Address} is cancelled. The next digest does not tell its news again; `mw delivery retry {one.Id}` sends it after all."
                        )
                )
        );
        return command;
    }

    private static string Retried(OrderedDelivery one) =>
        one.State == "unknown"
            ? FormattableString.Invariant(
                $"Delivery {one.Id} to {one.Address} goes out again. The relay may have taken it before: it may arrive twice."
            )
            : FormattableString.Invariant($"Delivery {one.Id} to {one.Address} goes out again.");

    private static int Tell(DeliveryOrdered ordered, string order, Output output, Func<OrderedDelivery, string> inWords)
    {
        if (ordered.Refused.Count > 0)
        {
            throw new RefusedException(string.Join('\n', ordered.Refused.Append($"nothing was {order}")));
        }
        output.Write(
            new Dictionary<string, object>(StringComparer.Ordinal) { [order] = ordered.Done },
            () =>
            {
                foreach (var one in ordered.Done)
                {
                    Console.Out.WriteLine(inWords(one));
                }
            }
        );
        return ExitCode.Done;
    }

    private static Argument<long[]> Ids(ArgumentArity arity) => new("ID") { Description = "As `mw delivery list` has them", Arity = arity };

    private static long[] Distinct(long[] ids) => [.. ids.Distinct()];
}
