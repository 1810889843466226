using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>The verbs by which analysts put things on record. Each first prints what readers will be told.</summary>
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
            (parse, mw, output, ct) =>
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
                var reopened = new Reopened(AnalystOptions.Text("--reason", parse.GetValue(reason))!);
                return analyst.RecordAsync(parse, mw, output, analyst.Request(parse, parse.GetRequiredValue(slug), reopened), ct);
            }
        );
        return command;
    }

    public static Command Reschedule()
    {
        var slug = Slug();
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
        status.AcceptOnlyFromAmong(StatusWords);
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
                    request = await AdoptedAsync(mw, request, position, ct);
                }
                else
                {
                    var promise = Promise(mw, parse.GetRequiredValue(phrase)!, request.HappenedOn, parse.GetValue(fiscal));
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
        var slug = Slug();
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
                    Promise(mw, parse.GetRequiredValue(phrase), request.HappenedOn, parse.GetValue(fiscal)),
                    AnalystOptions.Text("--means", parse.GetValue(means)),
                    parse.GetValue(conflicts)
                );
                return analyst.RecordAsync(parse, mw, output, request with { Changes = [reading] }, ct);
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
                var text = parse.GetRequiredValue(value);
                if (
                    !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                    || number >= 1e15m
                )
                {
                    throw new RefusedException(
                        $"VALUE \"{text}\" is no number from 0 to below 10^15: write digits, with a point for decimals"
                    );
                }
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
                    AnalystOptions.Text("--name", parse.GetValue(name)),
                    NameKey: null,
                    AnalystOptions.Text("--relation", parse.GetValue(relation)),
                    Counts: false
                );
                var request = analyst.Request(parse, parse.GetRequiredValue(slug), evidence);
                return request is { Quote: null, Note: null, Source: null }
                    ? throw new RefusedException("evidence says something: give --quote, --note or --source")
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

    public static Command Retract()
    {
        var position = Position();
        var reason = Reason("Why it was a mistake; readers who were told see it");
        var who = new Option<string?>("--as") { Description = "Who retracts it (your login name)", HelpName = "NAME" };
        var yes = Telling.Yes();
        var command = new Command("retract", "Withdraw an entry that was a mistake; it stays on record as retracted")
        {
            position,
            reason,
            who,
            yes,
        };
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var why = AnalystOptions.Text("--reason", parse.GetValue(reason))!;
                var actor = AnalystOptions.Text("--as", parse.GetValue(who)) ?? Environment.UserName;
                var at = parse.GetRequiredValue(position);
                return Telling.RunAsync(
                    mw,
                    output,
                    parse.GetValue(yes),
                    null,
                    (_, look) => mw.Recorder.RetractAsync(at, why, actor, ct, look),
                    ct
                );
            }
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

    public static Argument<long> Position() => new("POSITION") { Description = "The entry's position, as `mw milestone history` shows it" };

    public static Option<string> Reason(string description) =>
        new("--reason")
        {
            Description = description,
            Required = true,
            HelpName = "TEXT",
        };

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

    /// <exception cref="RefusedException">The phrase is not understood: the place and the nearest that is.</exception>
    public static Promise Promise(Installation mw, string phrase, LocalDate? on, int? fiscalYearStarts)
    {
        var text = AnalystOptions.Text("PHRASE", phrase)!;
        var day = on ?? mw.Clock.GetCurrentInstant().InUtc().Date;
        return PhraseReader.TryRead(text, day, fiscalYearStarts, out var window, out var error)
            ? new Promise(text, window)
            : throw new RefusedException(WindowVerbs.Explain(text, error));
    }

    /// <summary>The move to what another source prints, with that source and its words unless others are given.</summary>
    private static async Task<RecordRequest> AdoptedAsync(Installation mw, RecordRequest request, long position, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (_, history, _) = await MilestoneVerbs.ReadAsync(request.Slug, asOf: null, connection, mw.Clock, ct);
        var readings = history
            .Where(entry =>
                entry.Body?.Change is ReadingAdded
                && !history.Any(other => other.Kind == EntryKind.Retracted && other.Retracts == entry.Position)
            )
            .ToList();
        if (readings.Find(entry => entry.Position == position) is not { Body: { Change: ReadingAdded reading } body } entry)
        {
            var known = readings.Select(other =>
                string.Create(CultureInfo.InvariantCulture, $"{other.Position} (\"{((ReadingAdded)other.Body!.Change).Promise.Phrase}\")")
            );
            throw new RefusedException(
                readings.Count == 0
                    ? $"{request.Slug} has no other readings on record: give the new date as PHRASE"
                    : $"entry {position} is no reading of {request.Slug} that stands: there is {string.Join(", ", known)}"
            );
        }
        return request with
        {
            Changes = [new Rescheduled(reading.Promise)],
            HappenedOn = request.HappenedOn ?? entry.HappenedOn,
            Source =
                request.Source
                ?? (body.Source is { } source ? new SourceNamed(source.Publisher, source.Title, source.Url, source.PublishedOn) : null),
            Quote = request.Quote ?? body.Quote,
            Verbatim = request.Quote is null ? body.Verbatim : request.Verbatim,
            Standing = request.Standing ?? body.Standing,
            Note = request.Note ?? body.Note,
        };
    }
}
