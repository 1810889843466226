using System.Globalization;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>A milestone while changes of it are drafted: each is folded onto the one before, and brings with it what follows from it.</summary>
/// <param name="id">The milestone's id.</param>
/// <param name="kind">Its kind.</param>
/// <param name="zone">Its zone.</param>
/// <param name="drafts">Where drafts go; their order is their ordinal.</param>
/// <param name="now">The run's clock.</param>
internal sealed class Recording(long id, MilestoneKind kind, DateTimeZone zone, List<Draft> drafts, Instant now)
{
    private readonly Instant _now = now;

    public Recording(Milestone milestone, HashSet<string> counted, List<Draft> drafts, Instant now)
        : this(milestone.Id, milestone.Kind, milestone.Zone, drafts, now)
    {
        State = milestone.State;
        Definition = milestone.Definition;
        Counted = counted;
        WindowAt = milestone.WindowRecordedAt ?? now;
        SubstanceAt = milestone.SubstanceAt;
    }

    public long Id => id;
    public MilestoneKind Kind => kind;
    public MilestoneState? State { get; private set; }
    public Definition Definition { get; private set; } = new() { Title = "" };

    /// <summary>The name keys that a tally counts.</summary>
    public HashSet<string> Counted { get; } = new(StringComparer.Ordinal);
    private Instant WindowAt { get; set; } = now;
    private Instant SubstanceAt { get; set; } = now;

    /// <summary>Drafts a change; null, or why it is refused.</summary>
    public Refusal? Add(EntryBody body, LocalDate? happenedOn, Guid actor)
    {
        if (body.Change is EvidenceAdded said)
        {
            if (EvidenceOfNames.WhyNot(kind, Definition, said) is { } unfit)
            {
                return unfit;
            }
            body = body with { Change = EvidenceOfNames.Read(Definition, said) };
        }
        var ordinal = -(drafts.Count + 1);
        var (before, wording) = (State, Definition);
        if (!Fold.TryStep(before, kind, ordinal, body, happenedOn, Counted, out var after, out var refusal))
        {
            return refusal;
        }
        State = after;
        Definition = body.Change.DefinitionSet() ?? wording;
        drafts.Add(Draft(body, after, happenedOn, actor));
        FollowTarget(before, wording, after, happenedOn);
        return null;
    }

    /// <summary>Drafts a retraction, whose state is the fold without the entry.</summary>
    /// <param name="body">The retraction.</param>
    /// <param name="after">The state that it leaves.</param>
    /// <param name="history">All entries, for when the window and the substance that it leaves were recorded.</param>
    /// <param name="actor">Who retracts.</param>
    public void Retract(EntryBody body, MilestoneState after, IReadOnlyList<Entry> history, Guid actor)
    {
        var (before, wording) = (State, Definition);
        State = after;
        WindowAt = history.LastOrDefault(entry => entry.Position == after.WindowPosition)?.RecordedAt ?? _now;
        SubstanceAt = history.LastOrDefault(entry => entry.Position == after.SubstancePosition)?.RecordedAt ?? _now;
        var position = ((Retracted)body.Change).Position;
        Definition = history.LastOrDefault(entry => entry.Position == after.DefinitionPosition)?.Body?.Change.DefinitionSet() ?? Definition;
        var today = _now.InZone(zone).Date;
        drafts.Add(Draft(body, after, today, actor) with { Retracts = position });
        FollowTarget(before, wording, after, today);
    }

    /// <summary>Drafts that the last draft reached the target, where it did.</summary>
    private void FollowTarget(MilestoneState? before, Definition wording, MilestoneState after, LocalDate? happenedOn)
    {
        if (before is not null && !after.Status.IsFinal() && Targets.IsReached(Definition, after) && !Targets.IsReached(wording, before))
        {
            Follows(-drafts.Count, new ClockSaid(EntryKind.TargetReached, happenedOn ?? _now.InZone(zone).Date, null), happenedOn);
        }
    }

    /// <summary>Drafts that the forecast moved, where the last draft is a forecast or the retraction of one and makes it so.</summary>
    /// <param name="history">Every entry before the drafts.</param>
    public void FollowForecasts(IReadOnlyList<Entry> history)
    {
        var at = drafts.FindLastIndex(draft => draft.State is not null);
        if (at < 0 || drafts[at] is not { Kind: EntryKind.Forecast or EntryKind.Retracted } last || history.Count == 0)
        {
            return;
        }
        var position = history[^1].Position;
        var drafted = drafts
            .Take(at + 1)
            .Select(draft => new Entry
            {
                Position = ++position,
                Kind = draft.Kind,
                RecordedAt = _now,
                Actor = draft.Actor,
                Retracts = draft.Retracts,
                Body = draft.Body,
                State = draft.State ?? history[^1].State,
            });
        Entry[] entries = [.. history, .. drafted];
        if (ForecastMove.After(entries, Definition.ForecastPoints ?? Definition.DefaultForecastPoints) is { } move)
        {
            var analysts = new Aggregate(RecordedCurve.Of(entries)).At(move.By)!.Analysts;
            Follows(-(at + 1), new ForecastShifted(move.By, move.From, move.To, analysts), last.HappenedOn);
        }
    }

    /// <summary>Drafts what follows from an entry of this call; it changes no state, and is keyed by that entry's position.</summary>
    public void Follows(int ordinal, Change change, LocalDate? happenedOn) =>
        drafts.Add(
            new Draft(id, new EntryBody(change), State: null)
            {
                Occasion = ordinal.ToString(CultureInfo.InvariantCulture),
                HappenedOn = happenedOn,
                HappenedAt = _now,
            }
        );

    private Draft Draft(EntryBody body, MilestoneState after, LocalDate? happenedOn, Guid actor)
    {
        WindowAt = after.WindowPosition < 0 ? _now : WindowAt;
        SubstanceAt = after.SubstancePosition < 0 ? _now : SubstanceAt;
        return new Draft(id, body, after)
        {
            HappenedOn = happenedOn,
            Actor = actor,
            NextCheckAt = Occasions.NextCheck(Occasions.Of(after, Definition, zone, WindowAt, SubstanceAt), _now),
        };
    }
}
