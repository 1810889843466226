using MilestoneWatch.Domain.Checks;
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
        var state = milestone.State;
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
            if (!Fold.TryStep(state, milestone.Kind, -(drafts.Count + 1), body, happenedOn, counted, out var after, out var refusal))
            {
                return new RecordOutcome.Refused($"{milestone.Slug}: {refusal.Reason}");
            }
            state = after;
            drafts.Add(
                new Draft(milestone.Id, body, after)
                {
                    HappenedOn = happenedOn,
                    Actor = actor,
                    NextCheckAt = Occasions.NextCheck(after, milestone.Zone, WindowRecordedAt(milestone, after, now), now),
                }
            );
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
        var draft = new Draft(milestone.Id, new EntryBody(new Retracted(position, reason)), after)
        {
            HappenedOn = now.InZone(milestone.Zone).Date,
            Actor = await SourceStore.EnsureUserAsync(connection, actor, now, ct),
            Retracts = position,
            NextCheckAt = Occasions.NextCheck(
                after,
                milestone.Zone,
                history.Find(entry => entry.Position == after.WindowPosition)?.RecordedAt ?? now,
                now
            ),
        };
        return await AppendAsync(connection, milestone, [draft], now, ct);
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
        return new RecordOutcome.Recorded(positions[^1]!.Value, milestone);
    }

    /// <summary>When the window that a new state has was recorded: just now, if this change sets it.</summary>
    private static Instant WindowRecordedAt(Milestone milestone, MilestoneState after, Instant now) =>
        after.WindowPosition < 0 ? now : milestone.WindowRecordedAt ?? now;

    private static RecordOutcome Stale(string slug, int seen, int current) =>
        new RecordOutcome.Refused($"{slug}: stale revision: you saw {seen}, it is now {current}; look again and repeat the change");

    private static async Task<string> UnknownSlugAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        NearestSlug.Message(slug, await LedgerReader.SlugsAsync(connection, ct));
}
