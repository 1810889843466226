using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web.Feeds;

/// <summary>Reads what feeds tell, and no more of the ledger than that.</summary>
internal static class FeedStore
{
    private const string All = """
        select m.id, m.subject_id, m.position, m.changed_at, s.name as subject_name
        from milestones m join subjects s on s.id = m.subject_id where m.position > 0 order by m.id
        """;

    private const string One = """
        select m.id, m.subject_id, m.position, m.changed_at, s.name as subject_name
        from milestones m join subjects s on s.id = m.subject_id where m.position > 0 and m.slug = @slug
        """;

    private const string Latest = "select position, recorded_at from entries order by position desc limit 1";

    // the first entry's hash: nobody else's, and kept even when its words are redacted
    private const string Uids = """
        select m.id, encode(substring(f.hash for 16), 'hex') as uid
        from milestones m
        cross join lateral (select e.hash from entries e where e.milestone_id = m.id order by e.position limit 1) f
        where m.id = any(@ids)
        """;

    private const string Beside = """
        select t.position, b.position as before, (t.state ->> 'definition_position')::bigint as wording,
            (b.state ->> 'definition_position')::bigint as wording_before, t.retracts, r.recorded_at as redacted_at, m.slug,
            s.name as subject_name
        from entries t
        join milestones m on m.id = t.milestone_id
        join subjects s on s.id = m.subject_id
        left join lateral (
            select e.position, e.state from entries e
            where e.milestone_id = t.milestone_id and e.position < t.position order by e.position desc limit 1
        ) b on true
        left join entries r on r.retracts = t.position and r.kind = 'redacted'
        where t.position = any(@positions)
        """;

    private const string NewestOfAll = """
        select position from entries where kind not in ('looked', 'redacted') order by position desc limit @most
        """;

    private const string NewestOfOne = """
        select position from entries where milestone_id = @id and kind <> 'redacted' order by position desc limit @most
        """;

    private static readonly EntryKind[] Dating = [EntryKind.Added, EntryKind.Rescheduled, EntryKind.Retracted];

    public static async Task<IReadOnlyList<FeedRow>> AllAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<FeedRow>(new CommandDefinition(All, cancellationToken: ct))];

    public static Task<FeedRow?> FindAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<FeedRow>(new CommandDefinition(One, new { slug }, cancellationToken: ct));

    /// <summary>The head and when it was recorded; 0 before the first entry.</summary>
    public static Task<(long Position, Instant At)> HeadAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<(long, Instant)>(new CommandDefinition(Latest, cancellationToken: ct));

    /// <summary>The events of some milestones, in the watchlist's order. Of those whose date never moved, no history is read.</summary>
    public static async Task<IReadOnlyList<CalendarEvent>> EventsAsync(
        NpgsqlConnection connection,
        long[] ids,
        PromisedDay day,
        CancellationToken ct
    )
    {
        var milestones = await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: ids);
        var moved = milestones.Where(one => one.State.Moves > 0 || one.State.Window?.Latest is null).Select(one => one.Id).ToArray();
        var promises = await LedgerReader.HistoryAsync(connection, moved, long.MaxValue, ct, Dating);
        var uids = (
            await connection.QueryAsync<(long Id, string Uid)>(new CommandDefinition(Uids, new { ids }, cancellationToken: ct))
        ).ToDictionary(row => row.Id, row => row.Uid);
        return [.. milestones.Select(one => day.Of(one, [.. promises[one.Id]], uids[one.Id])).OfType<CalendarEvent>()];
    }

    /// <summary>The newest changes that readers would be told, newest first: of one milestone with its looks, or of all.</summary>
    public static async Task<IReadOnlyList<ToldEntry>> NewestAsync(NpgsqlConnection connection, long? id, int most, CancellationToken ct)
    {
        var newest = (
            await connection.QueryAsync<long>(
                new CommandDefinition(id is null ? NewestOfAll : NewestOfOne, new { id, most }, cancellationToken: ct)
            )
        ).ToArray();
        var beside = await BesideAsync(connection, newest, ct);
        var takenBack = await BesideAsync(connection, [.. beside.Values.Select(row => row.Retracts).OfType<long>()], ct);
        long?[] needed =
        [
            .. beside
                .Values.Concat(takenBack.Values)
                .SelectMany(row => (long?[])[row.Position, row.Before, row.Wording, row.WordingBefore]),
        ];
        var entries = await LedgerReader.AtAsync(connection, [.. needed.OfType<long>().Distinct()], ct);
        return
        [
            .. newest
                .Select(position => Tell(beside[position], takenBack, entries))
                // a look is told by no mail of its own, so withdrawing one corrects nothing
                .Where(told => !told.IsSilent && told.TakesBack is not ({ IsSilent: true } or { Entry.Kind: EntryKind.Looked })),
        ];
    }

    private static async Task<Dictionary<long, BesideRow>> BesideAsync(
        NpgsqlConnection connection,
        long[] positions,
        CancellationToken ct
    ) =>
        (await connection.QueryAsync<BesideRow>(new CommandDefinition(Beside, new { positions }, cancellationToken: ct))).ToDictionary(
            row => row.Position
        );

    private static ToldEntry Tell(BesideRow row, Dictionary<long, BesideRow> takenBack, IReadOnlyDictionary<long, Entry> entries) =>
        new()
        {
            Slug = row.Slug,
            SubjectName = row.SubjectName,
            Entry = entries[row.Position],
            Before = row.Before is { } before ? entries[before] : null,
            Wording = WordingAt(row.Wording, entries),
            WordingBefore = WordingAt(row.WordingBefore, entries),
            TakesBack = row.Retracts is { } back ? Tell(takenBack[back], takenBack, entries) : null,
            RedactedAt = row.RedactedAt,
        };

    private static Definition? WordingAt(long? position, IReadOnlyDictionary<long, Entry> entries) =>
        position is { } known ? entries[known].Body?.Change.DefinitionSet() : null;

    private sealed record BesideRow
    {
        public long Position { get; init; }
        public long? Before { get; init; }
        public long? Wording { get; init; }
        public long? WordingBefore { get; init; }
        public long? Retracts { get; init; }
        public Instant? RedactedAt { get; init; }
        public string Slug { get; init; } = "";
        public string SubjectName { get; init; } = "";
    }
}
