using System.CommandLine;
using MilestoneWatch.Subscribers;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw subscriber why`: what came of each due digest.</summary>
internal static class WhyVerb
{
    public static Command Create()
    {
        var email = SubscriberVerbs.Email();
        var command = new Command("why", "For every digest due in the last two years: what it told, or why there was none") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await SubscriberVerbs.FindAsync(mw, parse.GetRequiredValue(email), ct);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var since = mw.Clock.GetCurrentInstant().InUtc().Date.PlusYears(-2).AtMidnight().InUtc().ToInstant();
                var decisions = await DecisionStore.OfAsync(connection, reader.Id, since, ct);
                if (await SubscriberVerbs.SuppressedAsync(connection, reader, ct) is { } refuses)
                {
                    Output.Notice(SubscriberVerbs.Refusing(refuses));
                }
                if (decisions.Count == 0)
                {
                    output.Write(
                        decisions,
                        () => Output.Notice($"No digest of {reader.Email} has been due yet{SubscriberVerbs.Next(reader)}.")
                    );
                    return ExitCode.Done;
                }
                output.Write(
                    decisions,
                    () =>
                        Output.Table(
                            ["Due", "What", "Subject", "It told", "Delivery"],
                            decisions.Select(decision =>
                                new[]
                                {
                                    InstantPattern.General.Format(decision.DueSlot),
                                    decision.InWords(),
                                    decision.SubjectLine ?? "—",
                                    decision.Held is { Length: > 0 } held ? string.Join("; ", held) : "—",
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
}
