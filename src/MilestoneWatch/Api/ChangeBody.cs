using System.Text.Json;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Api;

/// <summary>What happened to a milestone: one change or several, by the kinds that the history has.</summary>
internal sealed class ChangeBody(IClock clock)
{
    private const int Most = 20;

    /// <summary>What each kind takes; the rest of the kinds is the clock's, or has an address of its own.</summary>
    private static readonly Dictionary<EntryKind, string[]> Members = new()
    {
        [EntryKind.StatusChanged] = ["status", "override"],
        [EntryKind.Reopened] = ["reason"],
        [EntryKind.Rescheduled] = ["promise", "adopt"],
        [EntryKind.ReadingAdded] = ["promise", "means", "conflicts"],
        [EntryKind.ProgressRecorded] = ["value"],
        [EntryKind.EvidenceAdded] = ["stance", "name", "relation"],
        [EntryKind.Looked] = [],
        [EntryKind.Forecast] = ["points"],
        [EntryKind.Redefined] = ["definition"],
    };

    /// <exception cref="BadBodyException">The first member that is wrong.</exception>
    public (RecordRequest Request, IReadOnlyList<ChangeStep> Steps) Read(JsonElement json, string slug, string analyst)
    {
        var body = new BodyFields(json, "", ["changes", .. SaidBody.Members]);
        var request = SaidBody.Read(body, slug, analyst);
        if (!body.Has("changes"))
        {
            throw body.Missing("changes", "say what happened: {\"kind\": \"looked\"}, or a list of such");
        }
        IReadOnlyList<(JsonElement Item, string At)> items =
            body.Raw("changes").ValueKind == JsonValueKind.Object ? [(body.Raw("changes"), "changes")] : body.List("changes", Most);
        if (items.Count == 0)
        {
            throw body.Bad("changes", "changes is empty", "say what happened: one change at least");
        }
        var steps = new List<ChangeStep>();
        foreach (var (item, at) in items)
        {
            var (kind, change) = KindOf(item, at);
            steps.Add(Step(kind, change, request));
            if (kind == EntryKind.Redefined && items.Count > 1)
            {
                throw new BadBodyException(at, "a new wording stands alone", "send it as the only change");
            }
        }
        return (request, steps);
    }

    /// <summary>A date as it was promised; null where there is none.</summary>
    public Promise? PromiseOf(BodyFields body, LocalDate? said)
    {
        if (body.Object("promise", "phrase", "fiscal_year_starts") is not { } promise)
        {
            return null;
        }
        var starts = promise.Whole("fiscal_year_starts", 1, 12);
        return promise.Text("phrase", phrase => Typed.Promise(phrase, said, clock, starts, promise.Path("phrase")))
            ?? throw promise.Missing("phrase", "give the date as it was printed: \"Q4 2026\"");
    }

    private static (EntryKind Kind, BodyFields Change) KindOf(JsonElement item, string at)
    {
        var any = new BodyFields(item, at, known: null);
        var kind = any.Word("kind", Members.Keys) ?? throw any.Missing("kind", $"it is one of {string.Join(", ", Words())}");
        return (kind, new BodyFields(item, at, ["kind", .. Members[kind]]));
    }

    private static IEnumerable<string> Words() => Members.Keys.Select(Postgres.LedgerJson.WriteEnum);

    private ChangeStep Step(EntryKind kind, BodyFields change, RecordRequest request) =>
        kind switch
        {
            EntryKind.StatusChanged => Fixed(
                new StatusChanged(
                    change.Word<Status>("status") ?? throw change.Missing("status", "say how it stands"),
                    change.Text("override")
                )
            ),
            EntryKind.Reopened => Fixed(new Reopened(change.Text("reason") ?? throw change.Missing("reason", "say why it is open again"))),
            EntryKind.Rescheduled => Moved(change, request),
            EntryKind.ReadingAdded => Fixed(
                new ReadingAdded(
                    PromiseOf(change, request.HappenedOn) ?? throw change.Missing("promise", "give the date as that source prints it"),
                    change.Text("means"),
                    change.Truth("conflicts") == true
                )
            ),
            EntryKind.ProgressRecorded => Fixed(
                new ProgressRecorded(change.Number("value") ?? throw change.Missing("value", "give the reading, in the milestone's unit"))
            ),
            EntryKind.EvidenceAdded => Fixed(EvidenceOf(change, request)),
            EntryKind.Looked => Fixed(new Looked()),
            EntryKind.Forecast => Fixed(new Forecasted(CurveOf(change))),
            EntryKind.Redefined => Redefined(
                DefinitionBody.Read(change) ?? throw change.Missing("definition", "give what is to change: {\"counts_when\": \"…\"}")
            ),
            _ => throw new InvalidOperationException($"a change of {kind}"),
        };

    private ChangeStep Moved(BodyFields change, RecordRequest request)
    {
        var (promise, adopt) = (PromiseOf(change, request.HappenedOn), change.Position("adopt"));
        return (promise, adopt) switch
        {
            ({ } moved, null) => Fixed(new Rescheduled(moved)),
            (null, { } position) => (soFar, _, history) => Adoption.Of(soFar, history, position),
            _ => throw change.Bad(
                "promise",
                "a move has a promise, or a reading that it adopts, and not both",
                "give the new date as it was printed, {\"phrase\": \"Q4 2026\"}, or the position of a reading as adopt"
            ),
        };
    }

    private static EvidenceAdded EvidenceOf(BodyFields change, RecordRequest request)
    {
        var evidence = new EvidenceAdded(
            change.Word<Stance>("stance") ?? Stance.Unclear,
            change.Text("name"),
            NameKey: null,
            change.Text("relation"),
            Counts: false
        );
        return (request with { Changes = [evidence] }).WhyNoEvidence() is { } why
            ? throw new BadBodyException("quote", why, "give one of them beside the change")
            : evidence;
    }

    private IReadOnlyList<ForecastPoint> CurveOf(BodyFields change)
    {
        var today = clock.GetCurrentInstant().InUtc().Date;
        var points = new List<ForecastPoint>();
        foreach (var (item, at) in change.List("points", Curve.MostPoints))
        {
            var point = new BodyFields(item, at, ["by", "probability"]);
            points.Add(
                new ForecastPoint(
                    point.Value("by", text => Typed.LastDay(point.Path("by"), text, today))
                        ?? throw point.Missing("by", "give a date, such as 2026-12-31"),
                    point.Number("probability") ?? throw point.Missing("probability", "give a number from 0.001 to 0.999")
                )
            );
        }
        return Curve.TryRead(points, out var curve, out var refusal)
            ? curve
            : throw change.Bad("points", refusal.Reason, "mend the points and send the whole curve again; nothing was recorded");
    }

    private static ChangeStep Fixed(Change change) => (request, _, _) => request with { Changes = [.. request.Changes, change] };

    // built on the wording that was read, so good for that revision only
    private static ChangeStep Redefined(DefinitionEdit edit) =>
        (request, milestone, _) => request with { Changes = [edit.Of(milestone)], Revision = milestone.State.Revision };
}
