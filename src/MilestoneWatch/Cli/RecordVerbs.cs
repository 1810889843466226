using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>The verbs by which analysts put things on record.</summary>
internal static class RecordVerbs
{
    private static readonly string[] StatusWords =
    [
        "planned",
        "on_track",
        "at_risk",
        "delayed",
        "achieved",
        "missed",
        "cancelled",
        "open",
        "answered",
    ];

    public static Command Status()
    {
        var slug = Slug();
        var status = new Argument<string>("STATUS") { Description = string.Join(", ", StatusWords), HelpName = "STATUS" };
        status.AcceptOnlyFromAmong(StatusWords);
        var why = new Option<string?>("--override")
        {
            Description = "Why achieved or missed without evidence that is confirmed or reported",
            HelpName = "REASON",
        };
        var reopen = new Option<string?>("--reopen")
        {
            Description = "Reopen what is settled first, with this reason",
            HelpName = "REASON",
        };
        var analyst = new AnalystOptions();
        var command = new Command("status", "Record a milestone's status") { slug, status, why, reopen };
        analyst.AddTo(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var to = LedgerJson.ReadEnum<Status>(parse.GetRequiredValue(status));
                var changes = new List<Change>();
                if (AnalystOptions.Text("--reopen", parse.GetValue(reopen)) is { } reason)
                {
                    changes.Add(new Reopened(reason));
                }
                // what is reopened is planned, or open, already
                if (changes.Count == 0 || to is not (Domain.Milestones.Status.Planned or Domain.Milestones.Status.Open))
                {
                    changes.Add(new StatusChanged(to, AnalystOptions.Text("--override", parse.GetValue(why))));
                }
                return Report(await mw.Recorder.RecordAsync(analyst.Request(parse, parse.GetRequiredValue(slug), changes), ct), output, mw);
            }
        );
        return command;
    }

    public static Command Reschedule()
    {
        var slug = Slug();
        var phrase = new Argument<string>("PHRASE") { Description = "The new date as printed, such as \"Q4 2026\"" };
        var status = new Option<string?>("--status") { Description = "Record this status as well", HelpName = "STATUS" };
        status.AcceptOnlyFromAmong(StatusWords);
        var fiscal = new Option<int?>("--fiscal-year-starts")
        {
            Description = "Month in which fiscal years start (1 to 12)",
            HelpName = "M",
        };
        var analyst = new AnalystOptions();
        var command = new Command("reschedule", "Record that a promised date moved") { slug, phrase, status, fiscal };
        analyst.AddTo(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var text = parse.GetRequiredValue(phrase).Trim();
                var request = analyst.Request(parse, parse.GetRequiredValue(slug));
                var on = request.HappenedOn ?? mw.Clock.GetCurrentInstant().InUtc().Date;
                if (!PhraseReader.TryRead(text, on, parse.GetValue(fiscal), out var window, out var error))
                {
                    throw new RefusedException(WindowVerbs.Explain(text, error));
                }
                var moved = new Rescheduled(new Promise(text, window));
                IReadOnlyList<Change> changes = parse.GetValue(status) is { } word
                    ? [moved, new StatusChanged(LedgerJson.ReadEnum<Status>(word))]
                    : [moved];
                var outcome = await mw.Recorder.RecordAsync(request with { Changes = changes }, ct);
                return Report(outcome, output, mw);
            }
        );
        return command;
    }

    public static Command Retract()
    {
        var position = new Argument<long>("POSITION") { Description = "The entry's position, as `mw milestone history` shows it" };
        var reason = new Option<string>("--reason")
        {
            Description = "Why it was a mistake; readers who were told see it",
            Required = true,
            HelpName = "TEXT",
        };
        var who = new Option<string?>("--as") { Description = "Who retracts it (your login name)", HelpName = "NAME" };
        var command = new Command("retract", "Withdraw an entry that was a mistake; it stays on record as retracted")
        {
            position,
            reason,
            who,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
                Report(
                    await mw.Recorder.RetractAsync(
                        parse.GetRequiredValue(position),
                        AnalystOptions.Text("--reason", parse.GetValue(reason))!,
                        AnalystOptions.Text("--as", parse.GetValue(who)) ?? Environment.UserName,
                        ct
                    ),
                    output,
                    mw
                )
        );
        return command;
    }

    public static Argument<string> Slug() => new("SLUG") { Description = "The milestone's slug; `mw milestone list` shows all" };

    private static RecordOutcome.Recorded Told(RecordOutcome outcome) =>
        outcome switch
        {
            RecordOutcome.Recorded recorded => recorded,
            RecordOutcome.Refused refused => throw new RefusedException(refused.Reason),
            _ => throw new InvalidOperationException(),
        };

    private static int Report(RecordOutcome outcome, Output output, Installation mw)
    {
        var recorded = Told(outcome);
        var milestone = recorded.Milestone;
        output.Write(
            MilestoneJson.Of(milestone, [], mw.Clock.GetCurrentInstant()),
            () =>
            {
                var date = milestone.Phrase is { } phrase ? $", \"{phrase}\"" : "";
                Console.Out.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Recorded at position {recorded.Position}: {milestone.Definition.Called()} is {Domain.Words.Of(milestone.State.Status)}{date}."
                    )
                );
            }
        );
        return ExitCode.Done;
    }
}
