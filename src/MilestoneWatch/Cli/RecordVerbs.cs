using System.CommandLine;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>The verbs by which analysts put things on record. Each first prints what readers will be told.</summary>
internal static class RecordVerbs
{
    internal static readonly string[] StatusWords =
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
            (parse, mw, output, ct) =>
            {
                var to = LedgerJson.ReadEnum<Status>(parse.GetRequiredValue(status));
                var changes = new List<Change>();
                if (Typed.Text("--reopen", parse.GetValue(reopen)) is { } reason)
                {
                    changes.Add(new Reopened(reason));
                }
                // what is reopened is planned, or open, already
                if (changes.Count == 0 || to is not (Domain.Milestones.Status.Planned or Domain.Milestones.Status.Open))
                {
                    changes.Add(new StatusChanged(to, Typed.Text("--override", parse.GetValue(why))));
                }
                return analyst.RecordAsync(parse, mw, output, analyst.Request(parse, parse.GetRequiredValue(slug), changes), ct);
            }
        );
        return command;
    }

    public static Command Reopen()
    {
        var slug = Slug();
        var reason = Reason("Why what was settled is open again; readers see it");
        var analyst = new AnalystOptions();
        var command = new Command("reopen", "Open again what was settled") { slug, reason };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var reopened = new Reopened(Typed.Text("--reason", parse.GetValue(reason))!);
                return analyst.RecordAsync(parse, mw, output, analyst.Request(parse, parse.GetRequiredValue(slug), reopened), ct);
            }
        );
        return command;
    }

    public static Command Progress()
    {
        var slug = Slug();
        var value = new Argument<string>("VALUE") { Description = "The reading, in the milestone's unit" };
        var analyst = new AnalystOptions();
        var command = new Command("progress", "Record a reading of a quantity") { slug, value };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var number = Typed.Quantity("VALUE", parse.GetRequiredValue(value));
                var request = analyst.Request(parse, parse.GetRequiredValue(slug), new ProgressRecorded(number));
                return analyst.RecordAsync(parse, mw, output, request, ct);
            }
        );
        return command;
    }

    public static Command Evidence()
    {
        var slug = Slug();
        var name = new Option<string?>("--name") { Description = "Whom it is about, on a tally", HelpName = "NAME" };
        var relation = new Option<string?>("--relation") { Description = "What the named one did, on a tally: renewal", HelpName = "WORD" };
        var stance = new Option<string>("--stance")
        {
            Description = "supports, contradicts or unclear",
            HelpName = "STANCE",
            DefaultValueFactory = _ => "unclear",
        };
        stance.AcceptOnlyFromAmong("supports", "contradicts", "unclear");
        var analyst = new AnalystOptions();
        var command = new Command("evidence", "Record what a source says of a milestone") { slug, name, relation, stance };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var evidence = new EvidenceAdded(
                    LedgerJson.ReadEnum<Stance>(parse.GetRequiredValue(stance)),
                    Typed.Text("--name", parse.GetValue(name)),
                    NameKey: null,
                    Typed.Text("--relation", parse.GetValue(relation)),
                    Counts: false
                );
                var request = analyst.Request(parse, parse.GetRequiredValue(slug), evidence);
                return request.WhyNoEvidence() is { } why
                    ? throw new RefusedException(why)
                    : analyst.RecordAsync(parse, mw, output, request, ct);
            }
        );
        return command;
    }

    public static Command Looked()
    {
        var slug = Slug();
        var analyst = new AnalystOptions();
        var command = new Command("looked", "Record that you looked and found nothing new") { slug };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
                analyst.RecordAsync(parse, mw, output, analyst.Request(parse, parse.GetRequiredValue(slug), new Looked()), ct)
        );
        return command;
    }

    public static Argument<string> Slug() =>
        new("SLUG")
        {
            Description = "The milestone's slug; `mw milestone list` shows all",
            // named, so that help does not ask the database for the values
            HelpName = "SLUG",
            CompletionSources = { KnownSlugs.Complete },
        };

    public static Option<string> Reason(string description) =>
        new("--reason")
        {
            Description = description,
            Required = true,
            HelpName = "TEXT",
        };
}
