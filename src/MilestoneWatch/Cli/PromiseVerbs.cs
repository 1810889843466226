using System.CommandLine;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>`mw reschedule` and `mw reading`: when it is promised for, and how other sources print the same promise.</summary>
internal static class PromiseVerbs
{
    public static Command Reschedule()
    {
        var slug = RecordVerbs.Slug();
        var phrase = new Argument<string?>("PHRASE")
        {
            Description = "The new date as printed, such as \"Q4 2026\"",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var adopt = new Option<long?>("--adopt")
        {
            Description = "Take over the date, source and words of a reading on record, by its position",
            HelpName = "POSITION",
        };
        var status = new Option<string?>("--status") { Description = "Record this status as well", HelpName = "STATUS" };
        status.AcceptOnlyFromAmong(RecordVerbs.StatusWords);
        var fiscal = Fiscal();
        var analyst = new AnalystOptions();
        var command = new Command("reschedule", "Record that a promised date moved") { slug, phrase, adopt, status, fiscal };
        command.Validators.Add(result =>
        {
            if (result.GetValue(phrase) is null == result.GetValue(adopt) is null)
            {
                result.AddError("give a PHRASE, or --adopt POSITION (not both)");
            }
        });
        analyst.AddTo(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var request = analyst.Request(parse, parse.GetRequiredValue(slug));
                if (parse.GetValue(adopt) is { } position)
                {
                    await using var connection = await mw.Database.OpenConnectionAsync(ct);
                    var (_, history, _) = await MilestoneVerbs.ReadAsync(request.Slug, asOf: null, connection, mw.Clock, ct);
                    request = Adoption.Of(request, history, position);
                }
                else
                {
                    var promise = Typed.Promise(parse.GetRequiredValue(phrase)!, request.HappenedOn, mw.Clock, parse.GetValue(fiscal));
                    request = request with { Changes = [new Rescheduled(promise)] };
                }
                if (parse.GetValue(status) is { } word)
                {
                    request = request with { Changes = [.. request.Changes, new StatusChanged(LedgerJson.ReadEnum<Status>(word))] };
                }
                return await analyst.RecordAsync(parse, mw, output, request, ct);
            }
        );
        return command;
    }

    public static Command Reading()
    {
        var slug = RecordVerbs.Slug();
        var phrase = new Argument<string>("PHRASE") { Description = "The date as the other source prints it" };
        var means = new Option<string?>("--means") { Description = "What that source says happens then", HelpName = "TEXT" };
        var conflicts = new Option<bool>("--conflicts") { Description = "It disagrees with the promise" };
        var fiscal = Fiscal();
        var analyst = new AnalystOptions();
        var command = new Command("reading", "Record how another source prints the same promise; it stands beside it")
        {
            slug,
            phrase,
            means,
            conflicts,
            fiscal,
        };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var request = analyst.Request(parse, parse.GetRequiredValue(slug));
                var reading = new ReadingAdded(
                    Typed.Promise(parse.GetRequiredValue(phrase), request.HappenedOn, mw.Clock, parse.GetValue(fiscal)),
                    Typed.Text("--means", parse.GetValue(means)),
                    parse.GetValue(conflicts)
                );
                return analyst.RecordAsync(parse, mw, output, request with { Changes = [reading] }, ct);
            }
        );
        return command;
    }

    public static Option<int?> Fiscal()
    {
        var fiscal = new Option<int?>("--fiscal-year-starts")
        {
            Description = "Month in which fiscal years start (1 to 12)",
            HelpName = "M",
        };
        fiscal.Validators.Add(result =>
        {
            if (result.GetValue(fiscal) is < 1 or > 12)
            {
                result.AddError("--fiscal-year-starts is a month, 1 to 12");
            }
        });
        return fiscal;
    }
}
