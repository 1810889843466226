using System.CommandLine;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>`mw milestone add` and `mw milestone edit`: what was promised, in words.</summary>
internal static class DefinitionVerbs
{
    public static Command Add()
    {
        var slug = new Argument<string>("SLUG") { Description = "Its name in addresses and commands: a-z, 0-9 and dashes" };
        var kind = new Option<string>("--kind")
        {
            Description = "event (happens or not), quantity, tally (distinct names) or question",
            HelpName = "KIND",
            DefaultValueFactory = _ => "event",
        };
        kind.AcceptOnlyFromAmong("event", "quantity", "tally", "question");
        var subject = new Option<string?>("--subject")
        {
            Description = "Whose promise it is; needed where there are several",
            HelpName = "SLUG",
        };
        var zone = new Option<string>("--zone")
        {
            Description = "The IANA zone of its days, such as Europe/Paris",
            HelpName = "ZONE",
            DefaultValueFactory = _ => "UTC",
        };
        var promised = new Option<string?>("--promised")
        {
            Description = "When it is promised for, as printed: \"Q3 2026\"",
            HelpName = "PHRASE",
        };
        var fiscal = PromiseVerbs.Fiscal();
        var definition = new DefinitionOptions();
        var analyst = new AnalystOptions();
        var command = new Command("add", "Put a milestone or a question on the watchlist") { slug, kind, subject, zone, promised, fiscal };
        definition.AddTo(command);
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var known = Typed.Zone("--zone", parse.GetRequiredValue(zone));
                var what = LedgerJson.ReadEnum<MilestoneKind>(parse.GetRequiredValue(kind));
                var words = definition.Read(parse).For(what);
                var request = analyst.Request(parse, parse.GetRequiredValue(slug));
                var promise = parse.GetValue(promised) is { } phrase
                    ? Typed.Promise(phrase, request.HappenedOn, mw.Clock, parse.GetValue(fiscal))
                    : null;
                var added = new NewMilestone(request.Slug, what, known, parse.GetValue(subject), words, promise);
                return analyst.AddAsync(parse, mw, output, added, request, ct);
            }
        );
        return command;
    }

    public static Command Edit()
    {
        var slug = RecordVerbs.Slug();
        var definition = new DefinitionOptions();
        var analyst = new AnalystOptions();
        var command = new Command("edit", "Reword a milestone or change its thresholds; what is not given stays") { slug };
        definition.AddTo(command);
        analyst.AddTo(command);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var request = analyst.Request(parse, parse.GetRequiredValue(slug));
                Milestone milestone;
                await using (var connection = await mw.Database.OpenConnectionAsync(ct))
                {
                    (milestone, _, _) = await MilestoneVerbs.ReadAsync(request.Slug, asOf: null, connection, mw.Clock, ct);
                }
                request = request with { Changes = [definition.Read(parse).Of(milestone)], Revision = milestone.State.Revision };
                return await analyst.RecordAsync(parse, mw, output, request, ct);
            }
        );
        return command;
    }
}
