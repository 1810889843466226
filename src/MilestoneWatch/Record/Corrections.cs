using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>What is done about an entry that should not stand as it is: withdrawing it, or clearing its words.</summary>
internal static class Corrections
{
    private const string IsRedacted = "select body is null from entries where position = @position";
    private const string Redact = "select redact_entry(@position)";

    public static async Task<RecordOutcome> RetractAsync(
        Unit unit,
        Milestone milestone,
        long position,
        string reason,
        string actor,
        Instant now,
        Door door,
        CancellationToken ct
    )
    {
        var history = (await LedgerReader.HistoryAsync(unit.Connection, [milestone.Id], long.MaxValue, ct))[milestone.Id].ToList();
        var target = history.Find(entry => entry.Position == position)!;
        if (!target.Kind.CanBeRetracted())
        {
            return new RecordOutcome.Refused(
                $"entry {position} ({target.Kind}) cannot be retracted: a first promise, a retraction and what the clock said stay on record"
            );
        }
        if (history.Find(entry => entry.Kind == EntryKind.Retracted && entry.Retracts == position) is { } earlier)
        {
            return new RecordOutcome.Refused($"entry {position} was retracted already, by entry {earlier.Position}");
        }
        var (folded, invalid, why) = Refold.Without(position, milestone.Kind, history);
        if (Refold.AfterRetraction(folded, milestone.State, -1) is not { } after)
        {
            return new RecordOutcome.Refused(
                $"entry {position} cannot be retracted: entry {invalid} would no longer be valid ({why?.Reason}). Retract that one first"
            );
        }
        var drafts = new List<Draft>();
        var recording = new Recording(milestone, [], drafts, now);
        recording.Retract(
            new EntryBody(new Retracted(position, reason)),
            after,
            history,
            await SourceStore.EnsureUserAsync(unit, actor, now, ct)
        );
        recording.FollowForecasts(history);
        return await Recorder.AppendAsync(unit.Connection, milestone, drafts, now, door, ct);
    }

    public static async Task<RecordOutcome> RedactAsync(
        Unit unit,
        Milestone milestone,
        long position,
        string reason,
        string actor,
        Instant now,
        Door door,
        CancellationToken ct
    )
    {
        if (await unit.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsRedacted, new { position }, cancellationToken: ct)))
        {
            return new RecordOutcome.Refused($"entry {position} was redacted already: its words are gone");
        }
        var drafts = new List<Draft>();
        var refusal = new Recording(milestone, [], drafts, now).Add(
            new EntryBody(new Redacted(position, reason)),
            now.InZone(milestone.Zone).Date,
            await SourceStore.EnsureUserAsync(unit, actor, now, ct)
        );
        if (refusal is not null)
        {
            return new RecordOutcome.Refused($"{milestone.Slug}: {refusal.Reason}");
        }
        drafts[0] = drafts[0] with { Retracts = position };
        await unit.HoldAsync(ct);
        var outcome = await Recorder.AppendAsync(unit.Connection, milestone, drafts, now, door, ct);
        await unit.Connection.ExecuteAsync(new CommandDefinition(Redact, new { position }, cancellationToken: ct));
        return outcome;
    }
}
