using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record.Watchlists;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>
/// Records one change of one milestone: validated by pure code, appended in one transaction. Given a <see cref="Look"/>, it records nothing:
/// the change is made, looked at and taken back.
/// </summary>
internal sealed class Recorder(NpgsqlDataSource database, IClock clock, Door door = Door.Cli, Beside? beside = null)
{
    // every lost try is another's change that landed: writers always get on, and nobody loses this often
    private const int Tries = 100;

    /// <summary>The same for what comes through another door, and has something written beside it.</summary>
    public Recorder Through(Door other, Beside? with = null) => new(database, clock, other, with);

    /// <summary>Records an analyst's change.</summary>
    public async Task<RecordOutcome> RecordAsync(RecordRequest request, CancellationToken ct, Look? look = null) =>
        request.WhyNot() is { } why
            ? new RecordOutcome.Refused(why)
            : await WithRetriesAsync(
                request.Slug,
                request.Revision,
                (unit, milestone, now) => RecordOnceAsync(unit, milestone, request, now, ct),
                look,
                ct
            );

    /// <summary>Puts a milestone on the watchlist, under a subject that is there.</summary>
    public async Task<RecordOutcome> AddAsync(NewMilestone added, RecordRequest request, CancellationToken ct, Look? look = null)
    {
        if ((request.WhyNot() ?? Wording.First(Wording.Texts(new Added(added.Definition, added.Promise)))) is { } why)
        {
            return new RecordOutcome.Refused(why);
        }
        try
        {
            return await AddOnceAsync(added, request, look, ct);
        }
        catch (PostgresException e) when (e.SqlState == Ledger.ClockBehind)
        {
            return new RecordOutcome.Refused($"{added.Slug}: {e.MessageText}; look again and repeat the change");
        }
    }

    private async Task<RecordOutcome> AddOnceAsync(NewMilestone added, RecordRequest request, Look? look, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var unit = new Unit(connection);
        await unit.HoldAsync(ct);
        var now = Ledger.Micros(clock.GetCurrentInstant());
        var (id, refused) = await MilestoneStore.InsertAsync(connection, added, ct);
        if (refused is not null)
        {
            return new RecordOutcome.Refused(refused);
        }
        var drafts = new List<Draft>();
        var body = await BodyAsync(unit, new Added(added.Definition, added.Promise), request, now, ct);
        var actor = await SourceStore.EnsureUserAsync(unit, request.Actor, now, ct);
        var recording = new Recording(id, added.Kind, added.Zone, drafts, now);
        if (recording.Add(body, request.HappenedOn ?? now.InZone(added.Zone).Date, actor) is { } refusal)
        {
            return new RecordOutcome.Refused($"{added.Slug}: {refusal.Reason}");
        }
        await ImportStore.BearsOnAsync(connection, id, added.Definition.About, ct);
        var positions = await Ledger.AppendAsync(connection, now, new Dictionary<long, int?> { [id] = 0 }, drafts, door, ct);
        var recorded = new RecordOutcome.Recorded(positions[0]!.Value, added.Slug);
        await EndAsync(unit, recorded, null, look, ct);
        return recorded;
    }

    /// <summary>Withdraws an entry that was a mistake: the state becomes what the others make of it.</summary>
    public Task<RecordOutcome> RetractAsync(
        long position,
        string reason,
        string actor,
        CancellationToken ct,
        Look? look = null,
        int? revision = null
    ) =>
        AtAsync(
            position,
            reason,
            actor,
            revision,
            (unit, milestone, now) => Corrections.RetractAsync(unit, milestone, position, reason, actor, now, door, ct),
            look,
            ct
        );

    /// <summary>Clears an entry's words for good, and says so in an entry of its own; the hashes over them stay, so the ledger still verifies.</summary>
    public Task<RecordOutcome> RedactAsync(long position, string reason, string actor, CancellationToken ct, Look? look = null) =>
        AtAsync(
            position,
            reason,
            actor,
            null,
            (unit, milestone, now) => Corrections.RedactAsync(unit, milestone, position, reason, actor, now, door, ct),
            look,
            ct
        );

    private async Task<RecordOutcome> AtAsync(
        long position,
        string reason,
        string actor,
        int? revision,
        Func<Unit, Milestone, Instant, Task<RecordOutcome>> once,
        Look? look,
        CancellationToken ct
    )
    {
        if (Wording.First(("the reason", reason), ("the analyst's name", actor)) is { } why)
        {
            return new RecordOutcome.Refused(why);
        }
        await using var connection = await database.OpenConnectionAsync(ct);
        return await SourceStore.SlugAtAsync(connection, position, ct) is { } slug
            ? await WithRetriesAsync(slug, revision, once, look, ct)
            : new RecordOutcome.Refused($"there is no entry {position}: `mw milestone history SLUG` lists them with their positions");
    }

    private async Task<RecordOutcome> WithRetriesAsync(
        string slug,
        int? revision,
        Func<Unit, Milestone, Instant, Task<RecordOutcome>> once,
        Look? look,
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
                await using var unit = new Unit(connection);
                if (look is not null || beside is not null)
                {
                    await unit.HoldAsync(ct);
                }
                var outcome = await once(unit, milestone, Ledger.Micros(clock.GetCurrentInstant()));
                if (outcome is RecordOutcome.Recorded recorded)
                {
                    await EndAsync(unit, recorded, milestone, look, ct);
                }
                return outcome;
            }
            catch (PostgresException e) when (e.SqlState == Ledger.StaleRevision && revision is null && tries < Tries)
            {
                // someone was faster, and the caller had not looked: validate against what they made of it
            }
            catch (PostgresException e) when (e.SqlState is Ledger.StaleRevision or Ledger.ClockBehind)
            {
                return new RecordOutcome.Refused(
                    $"{slug}: {e.MessageText}; look again and repeat the change",
                    Stale: e.SqlState == Ledger.StaleRevision
                );
            }
        }
    }

    /// <summary>Between the append and this the ledger may be locked for all: nothing is read back but by who looks or writes beside it.</summary>
    private async Task EndAsync(Unit unit, RecordOutcome.Recorded recorded, Milestone? before, Look? look, CancellationToken ct)
    {
        if (look is null)
        {
            await (beside?.Invoke(unit.Connection, recorded, before, ct) ?? Task.CompletedTask);
            await unit.CommitAsync(ct);
            return;
        }
        var after = (await LedgerReader.FindAsync(unit.Connection, recorded.Slug, long.MaxValue, ct))!;
        await look(unit.Connection, before, after, ct);
    }

    private async Task<RecordOutcome> RecordOnceAsync(
        Unit unit,
        Milestone milestone,
        RecordRequest request,
        Instant now,
        CancellationToken ct
    )
    {
        var actor = await SourceStore.EnsureUserAsync(unit, request.Actor, now, ct);
        var today = now.InZone(milestone.Zone).Date;
        var happenedOn = request.HappenedOn ?? today;
        if (happenedOn > today && request.Changes.Any(Happened))
        {
            return new RecordOutcome.Refused(
                $"{milestone.Slug}: {LocalDatePattern.Iso.Format(happenedOn)} has not come yet in {milestone.Zone.Id}: what happened is recorded once it has"
            );
        }
        // what follows from a name or a forecast depends on those before it
        IReadOnlyList<Entry> history = request.Changes.Any(change => change is EvidenceAdded or Forecasted)
            ? [.. (await LedgerReader.HistoryAsync(unit.Connection, [milestone.Id], long.MaxValue, ct))[milestone.Id]]
            : [];
        var drafts = new List<Draft>();
        var recording = new Recording(milestone, Refold.CountedIn(history, []), drafts, now);
        foreach (var change in request.Changes)
        {
            // a reopening has its own reason; what is said beside it belongs to what follows
            var body = change is Reopened ? new EntryBody(change) : await BodyAsync(unit, change, request, now, ct);
            if (recording.Add(body, happenedOn, actor) is { } refusal)
            {
                return new RecordOutcome.Refused($"{milestone.Slug}: {refusal.Reason}");
            }
        }
        recording.FollowForecasts(history);
        if (request.Changes.Any(change => change is Redefined))
        {
            await unit.HoldAsync(ct);
            await ImportStore.BearsOnAsync(unit.Connection, milestone.Id, recording.Definition.About, ct);
        }
        return await AppendAsync(unit.Connection, milestone, drafts, now, door, ct);
    }

    /// <summary>Whether it tells what happened on its day; a plan, or a word about one, may name a day to come.</summary>
    private static bool Happened(Change change) =>
        change is Looked or ProgressRecorded or StatusChanged { Status: Status.Achieved or Status.Missed or Status.Answered };

    private static async Task<EntryBody> BodyAsync(Unit unit, Change change, RecordRequest request, Instant now, CancellationToken ct) =>
        new(change)
        {
            Note = request.Note,
            Quote = request.Quote,
            Verbatim = request.Verbatim,
            Standing = request.Standing,
            Source = request.Source is { } named ? await SourceStore.EnsureAsync(unit, named, now, ct) : null,
        };

    internal static async Task<RecordOutcome> AppendAsync(
        NpgsqlConnection connection,
        Milestone milestone,
        IReadOnlyList<Draft> drafts,
        Instant now,
        Door door,
        CancellationToken ct
    )
    {
        var expected = new Dictionary<long, int?> { [milestone.Id] = milestone.State.Revision };
        var positions = await Ledger.AppendAsync(connection, now, expected, drafts, door, ct);
        // what follows from the change is the ledger's own
        var last = Enumerable.Range(0, drafts.Count).Last(i => drafts[i].State is not null);
        return new RecordOutcome.Recorded(positions[last]!.Value, milestone.Slug);
    }

    private static RecordOutcome Stale(string slug, int seen, int current) =>
        new RecordOutcome.Refused(
            $"{slug}: stale revision: you saw {seen}, it is now {current}; look again and repeat the change",
            Stale: true
        );

    private static async Task<string> UnknownSlugAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        NearestSlug.Message(slug, await LedgerReader.SlugsAsync(connection, ct));
}
