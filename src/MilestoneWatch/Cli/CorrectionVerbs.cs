using System.CommandLine;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>`mw retract` and `mw ledger redact`: what is done about an entry that should not stand as it is.</summary>
internal static class CorrectionVerbs
{
    public static Command Retract() =>
        Create(
            "retract",
            "Withdraw an entry that was a mistake; it stays on record as retracted",
            "Why it was a mistake; readers who were told see it",
            recorder => (position, reason, actor, ct, look) => recorder.RetractAsync(position, reason, actor, ct, look)
        );

    public static Command Redact() =>
        Create(
            "redact",
            "Clear an entry's words for good; that it was there, and that it was redacted, stays on record",
            "Why the words have to go; it is recorded and stays",
            recorder => recorder.RedactAsync,
            "The words, source and name in it are gone for good once it is recorded; what followed from it stays."
        );

    private delegate Task<RecordOutcome> Correction(long position, string reason, string actor, CancellationToken ct, Look? look);

    private static Command Create(string name, string description, string why, Func<Recorder, Correction> of, string? warning = null)
    {
        var position = new Argument<long>("POSITION") { Description = "The entry's position, as `mw milestone history` shows it" };
        var reason = RecordVerbs.Reason(why);
        var who = new Option<string?>("--as") { Description = "Who records it (your login name)", HelpName = "NAME" };
        var yes = Telling.Yes();
        var command = new Command(name, description) { position, reason, who, yes };
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var correct = of(mw.Recorder);
                var at = parse.GetRequiredValue(position);
                var text = Typed.Text("--reason", parse.GetValue(reason))!;
                var actor = Typed.Text("--as", parse.GetValue(who)) ?? Environment.UserName;
                return Telling.RunAsync(
                    mw,
                    output,
                    parse.GetValue(yes),
                    null,
                    (_, look) => correct(at, text, actor, ct, look),
                    ct,
                    warning
                );
            }
        );
        return command;
    }
}
