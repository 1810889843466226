using System.Diagnostics.CodeAnalysis;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>The rules of the ledger: what a change makes of a milestone's state, or why it is refused. Pure.</summary>
public static class Fold
{
    /// <summary>The state after one more entry.</summary>
    /// <param name="state">The state before; null only for <see cref="Added"/>.</param>
    /// <param name="kind">The milestone's kind.</param>
    /// <param name="position">The entry's position (or its negative ordinal while it is being recorded).</param>
    /// <param name="body">What it says.</param>
    /// <param name="happenedOn">The day it happened.</param>
    /// <param name="counted">The name keys that the tally counts so far; a name counted by this entry is added.</param>
    /// <param name="after">The state after, when accepted.</param>
    /// <param name="refusal">Why not, when refused.</param>
    public static bool TryStep(
        MilestoneState? state,
        MilestoneKind kind,
        long position,
        EntryBody body,
        LocalDate? happenedOn,
        ISet<string> counted,
        [NotNullWhen(true)] out MilestoneState? after,
        [NotNullWhen(false)] out Refusal? refusal
    )
    {
        (after, refusal) = Step(state, kind, position, body, happenedOn, counted);
        if (after is null)
        {
            refusal ??= new Refusal("it is not allowed");
            return false;
        }
        if (!body.Change.Kind.IsDerived())
        {
            after = after with { Revision = (state?.Revision ?? 0) + 1 };
            if (body.Change is not (Looked or Redacted))
            {
                after = after with { SubstancePosition = position };
            }
        }
        after = after with { Position = position };
        refusal = null;
        return true;
    }

    private static (MilestoneState? After, Refusal? Refusal) Step(
        MilestoneState? state,
        MilestoneKind kind,
        long position,
        EntryBody body,
        LocalDate? happenedOn,
        ISet<string> counted
    )
    {
        if (body.Change is Added added)
        {
            return state is null ? (Begin(added, kind, position), null) : Refuse("it is already on the watchlist");
        }
        if (state is null)
        {
            return Refuse("it is not on the watchlist yet");
        }
        switch (body.Change)
        {
            case Redefined:
                return (state with { DefinitionPosition = position }, null);
            case Forecasted forecast:
                return Curve.WhyNot(kind, state.Status) is { } settled ? (null, settled)
                    : Curve.TryRead(forecast.Points, out _, out var wrong) ? (state, null)
                    : (null, wrong);
            case StatusChanged changed:
                return ChangeStatus(state, kind, position, changed, body, happenedOn);
            case Reopened when !state.Status.IsFinal():
                return Refuse($"only what is settled can be reopened, and its status is {Words.Of(state.Status)}");
            case Reopened:
                return (state with { Status = Statuses.Initial(kind), StatusPosition = position, StatusOn = null }, null);
            case Rescheduled moved:
                return Reschedule(state, position, moved);
            case ReadingAdded:
                return (state, null);
            case ProgressRecorded when kind != MilestoneKind.Quantity:
                return Refuse($"progress can be recorded of a quantity only, and this is {Words.WithArticle(kind)}");
            case ProgressRecorded { Value: < 0 }:
                return Refuse("a reading cannot be negative");
            case ProgressRecorded reading:
                return state.ProgressOn is { } on && happenedOn < on
                    ? (state, null)
                    : (state with { Progress = reading.Value, ProgressOn = happenedOn, ProgressPosition = position }, null);
            case EvidenceAdded evidence:
                var counts = evidence is { Counts: true, NameKey: not null } && counted.Add(evidence.NameKey);
                return (
                    state with
                    {
                        Counted = state.Counted + (counts ? 1 : 0),
                        Proofs = state.Proofs + (IsProof(body, evidence.Stance) ? 1 : 0),
                    },
                    null
                );
            case Looked:
                return (
                    state.LookedOn is { } looked && happenedOn < looked
                        ? state
                        : state with
                        {
                            LookedOn = happenedOn,
                            LookPosition = position,
                        },
                    null
                );
            default:
                return (state, null);
        }
    }

    private static MilestoneState Begin(Added added, MilestoneKind kind, long position) =>
        new()
        {
            Status = Statuses.Initial(kind),
            DefinitionPosition = position,
            Window = added.Promise?.Window,
            WindowPosition = added.Promise is null ? null : position,
            FirstWindow = added.Promise?.Window,
            FirstWindowPosition = added.Promise is null ? null : position,
        };

    private static (MilestoneState?, Refusal?) ChangeStatus(
        MilestoneState state,
        MilestoneKind kind,
        long position,
        StatusChanged changed,
        EntryBody body,
        LocalDate? happenedOn
    )
    {
        if (!changed.Status.Fits(kind))
        {
            return Refuse($"{Words.WithArticle(kind)} cannot be {Words.Of(changed.Status)}");
        }
        if (state.Status == changed.Status)
        {
            return Refuse($"its status is {Words.Of(state.Status)} already");
        }
        if (state.Status.IsFinal())
        {
            return Refuse($"it is settled as {Words.Of(state.Status)}; reopen it first, with a reason");
        }
        // a source that says "delayed" proves nothing of what settles it later
        var settles = changed.Status is Status.Achieved or Status.Missed;
        var proves = settles && IsProof(body, Stance.Supports);
        if (settles && changed.Override is null && state.Proofs == 0 && !proves)
        {
            return Refuse(
                $"{Words.Of(changed.Status)} needs evidence that is confirmed or reported: name it with its source and standing, or say why not with an override"
            );
        }
        return (
            state with
            {
                Status = changed.Status,
                StatusPosition = position,
                StatusOn = happenedOn,
                Proofs = state.Proofs + (proves ? 1 : 0),
            },
            null
        );
    }

    private static (MilestoneState?, Refusal?) Reschedule(MilestoneState state, long position, Rescheduled moved)
    {
        if (state.Status.IsFinal())
        {
            return Refuse($"it is settled as {Words.Of(state.Status)}; reopen it first, with a reason");
        }
        if (state.Window == moved.Promise.Window)
        {
            return Refuse($"it is already promised for that window ({WindowPhrase.Print(moved.Promise.Window)})");
        }
        return (
            state with
            {
                Window = moved.Promise.Window,
                WindowPosition = position,
                FirstWindow = state.FirstWindow ?? moved.Promise.Window,
                FirstWindowPosition = state.FirstWindowPosition ?? position,
                Moves = state.Moves + (state.Window is null ? 0 : 1),
            },
            null
        );
    }

    private static bool IsProof(EntryBody body, Stance stance) =>
        stance == Stance.Supports && body is { Source: not null, Standing: Standing.Confirmed or Standing.Reported };

    private static (MilestoneState?, Refusal?) Refuse(string reason) => (null, new Refusal(reason));
}
