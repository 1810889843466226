using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Records one change of one milestone: validated by pure code, appended in one transaction.</summary>
internal sealed class Recorder(NpgsqlDataSource database, IClock clock)
{
    // every lost try is another's change that landed: writers always get on, and nobody loses this often
    private const int Tries = 100;

    /// <summary>Records an analyst's change.</summary>
    public Task<RecordOutcome> RecordAsync(RecordRequest request, CancellationToken ct) =>
        WithRetriesAsync(
            request.Slug,
            request.Revision,
            (connection, milestone, now) => RecordOnceAsync(connection, milestone, request, now, ct),
            ct
        );

    /// <summary>Withdraws an entry that was a mistake: the state becomes what the others make of it.</summary>
    public async Task<RecordOutcome> RetractAsync(long position, string reason, string actor, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await SourceStore.SlugAtAsync(connection, position, ct) is { } slug
            ? await WithRetriesAsync(
                slug,
                null,
                (c, milestone, now) => RetractOnceAsync(c, milestone, position, reason, actor, now, ct),
                ct
            )
            : new RecordOutcome.Refused($"there is no entry {position}: `mw milestone history SLUG` lists them with their positions");
    }

    private async Task<RecordOutcome> WithRetriesAsync(
        string slug,
        int? revision,
        Func<NpgsqlConnection, Milestone, Instant, Task<RecordOutcome>> once,
        CancellationToken ct
    )
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                if (await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct) is not { } milestone)
                {
                    return new RecordOutcome.Refused(await UnknownSlugAsync(connection, slug, ct));
                }
                if (revision is { } seen && seen != milestone.State.Revision)
                {
                    return Stale(slug, seen, milestone.State.Revision);
                }
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var outcome = await once(connection, milestone, Ledger.Micros(clock.GetCurrentInstant()));
                if (outcome is RecordOutcome.Recorded recorded)
                {
                    await transaction.CommitAsync(ct);
                    var after = await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct);
                    return recorded with { Milestone = after ?? milestone };
                }
                return outcome;
            }
            catch (PostgresException e) when (e.SqlState == Ledger.StaleRevision && revision is null && tries < Tries)
            {
                // someone was faster, and the caller had not looked: validate against what they made of it
            }
            catch (PostgresException e) when (e.SqlState is Ledger.StaleRevision or Ledger.ClockBehind)
            {
                return new RecordOutcome.Refused($"{slug}: {e.MessageText}; look again and repeat the change");
            }
        }
    }

    private static async Task<RecordOutcome> RecordOnceAsync(
        NpgsqlConnection connection,
        Milestone milestone,
        RecordRequest request,
        Instant now,
        CancellationToken ct
    )
    {
        var source = request.Source is { } named ? await SourceStore.EnsureAsync(connection, named, ct) : null;
        var actor = await SourceStore.EnsureUserAsync(connection, request.Actor, now, ct);
        var happenedOn = request.HappenedOn ?? now.InZone(milestone.Zone).Date;
        var counted =
            milestone.Kind == MilestoneKind.Tally && request.Changes.Any(change => change is EvidenceAdded)
                ? Refold.CountedIn((await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, ct))[milestone.Id], [])
                : [];
        var drafts = new List<Draft>();
        var recording = new Recording(milestone, counted, drafts, now);
        foreach (var change in request.Changes)
        {
            // a reopening has its own reason; what is said beside it belongs to what follows
            var body =
                change is Reopened
                    ? new EntryBody(change)
                    : new EntryBody(change)
                    {
                        Note = request.Note,
                        Quote = request.Quote,
                        Verbatim = request.Verbatim,
                        Standing = request.Standing,
                        Source = source,
                    };
            if (recording.Add(body, happenedOn, actor) is { } refusal)
            {
                return new RecordOutcome.Refused($"{milestone.Slug}: {refusal.Reason}");
            }
        }
        return await AppendAsync(connection, milestone, drafts, now, ct);
    }

    private static async Task<RecordOutcome> RetractOnceAsync(
        NpgsqlConnection connection,
        Milestone milestone,
        long position,
        string reason,
        string actor,
        Instant now,
        CancellationToken ct
    )
    {
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, ct))[milestone.Id].ToList();
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
        new Recording(milestone, [], drafts, now).Retract(
            new EntryBody(new Retracted(position, reason)),
            after,
            history,
            await SourceStore.EnsureUserAsync(connection, actor, now, ct)
        );
        return await AppendAsync(connection, milestone, drafts, now, ct);
    }

    private static async Task<RecordOutcome> AppendAsync(
        NpgsqlConnection connection,
        Milestone milestone,
        IReadOnlyList<Draft> drafts,
        Instant now,
        CancellationToken ct
    )
    {
        var expected = new Dictionary<long, int?> { [milestone.Id] = milestone.State.Revision };
        var positions = await Ledger.AppendAsync(connection, now, expected, drafts, ct);
        // what follows from the change is the ledger's own
        var last = Enumerable.Range(0, drafts.Count).Last(i => drafts[i].State is not null);
        return new RecordOutcome.Recorded(positions[last]!.Value, milestone);
    }

    private static RecordOutcome Stale(string slug, int seen, int current) =>
        new RecordOutcome.Refused($"{slug}: stale revision: you saw {seen}, it is now {current}; look again and repeat the change");

    private static async Task<string> UnknownSlugAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        NearestSlug.Message(slug, await LedgerReader.SlugsAsync(connection, ct));
}
