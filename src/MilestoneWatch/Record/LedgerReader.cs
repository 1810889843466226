using System.Text.Json;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Reads milestones and their histories as known at a position: one index look-up per milestone.</summary>
internal static class LedgerReader
{
    private const string Head = "select coalesce(max(position), 0) from entries";

    private const string PositionAt = """
        select coalesce((select position from entries where recorded_at <= @at order by recorded_at desc, position desc limit 1), 0)
        """;

    private const string Milestones = """
        select m.id, m.slug, m.kind, m.zone, m.subject_id, s.slug as subject_slug, s.name as subject_name,
               e.state, e.recorded_at as changed_at,
               d.kind as definition_kind, d.body as definition_body,
               w.kind as window_kind, w.body as window_body, w.recorded_at as window_recorded_at, q.recorded_at as substance_at
        from milestones m
        join subjects s on s.id = m.subject_id
        cross join lateral (
            select e.state, e.recorded_at from entries e
            where e.milestone_id = m.id and e.position <= @position order by e.position desc limit 1
        ) e
        left join entries d on d.position = (e.state ->> 'definition_position')::bigint
        left join entries w on w.position = (e.state ->> 'window_position')::bigint
        left join entries q on q.position = (e.state ->> 'substance_position')::bigint
        where (@slug::text is null or m.slug = @slug) and (@ids::bigint[] is null or m.id = any(@ids))
        order by m.id
        """;

    private const string History = """
        select milestone_id, position, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body, state
        from entries where milestone_id = any(@ids) and position <= @position and (@kinds::text[] is null or kind = any(@kinds))
        order by milestone_id, position
        """;

    private const string At = """
        select milestone_id, position, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body, state
        from entries where position = any(@positions)
        """;

    private const string Names = "select id, name from users where id = any(@ids)";

    private const string Slugs = "select slug from milestones order by id";

    public static Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(Head, cancellationToken: ct));

    /// <summary>The last position recorded at or before an instant; 0 before the first.</summary>
    public static Task<long> PositionAtAsync(NpgsqlConnection connection, Instant at, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(PositionAt, new { at }, cancellationToken: ct));

    /// <summary>Milestones as known at a position, in the watchlist's order: all, those with an id, or the one with a slug.</summary>
    public static async Task<IReadOnlyList<Milestone>> MilestonesAsync(
        NpgsqlConnection connection,
        long position,
        CancellationToken ct,
        string? slug = null,
        long[]? ids = null
    )
    {
        var rows = await connection.QueryAsync<MilestoneRow>(
            new CommandDefinition(
                Milestones,
                new
                {
                    position,
                    slug,
                    ids,
                },
                cancellationToken: ct
            )
        );
        return [.. rows.Select(row => row.ToMilestone())];
    }

    public static async Task<Milestone?> FindAsync(NpgsqlConnection connection, string slug, long position, CancellationToken ct) =>
        (await MilestonesAsync(connection, position, ct, slug: slug)) is [var found] ? found : null;

    /// <summary>All entries of some milestones up to a position, or those of some kinds, oldest first.</summary>
    public static async Task<ILookup<long, Entry>> HistoryAsync(
        NpgsqlConnection connection,
        long[] ids,
        long position,
        CancellationToken ct,
        EntryKind[]? kinds = null
    )
    {
        var asked = new
        {
            ids,
            position,
            kinds = kinds?.Select(LedgerJson.WriteEnum).ToArray(),
        };
        var rows = await connection.QueryAsync<EntryRow>(new CommandDefinition(History, asked, cancellationToken: ct));
        return rows.ToLookup(row => row.MilestoneId, row => row.ToEntry());
    }

    /// <summary>The entries at some positions, by position.</summary>
    public static async Task<IReadOnlyDictionary<long, Entry>> AtAsync(NpgsqlConnection connection, long[] positions, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<EntryRow>(new CommandDefinition(At, new { positions }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Position, row => row.ToEntry());
    }

    /// <summary>Who the opaque ids in the ledger are.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        NpgsqlConnection connection,
        IEnumerable<Entry> entries,
        CancellationToken ct
    )
    {
        var ids = entries.Select(entry => entry.Actor).OfType<Guid>().Distinct().ToArray();
        var rows = await connection.QueryAsync<(Guid Id, string Name)>(new CommandDefinition(Names, new { ids }, cancellationToken: ct));
        return rows.ToDictionary(row => row.Id, row => row.Name);
    }

    public static async Task<IReadOnlyList<string>> SlugsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(Slugs, cancellationToken: ct))];

    private sealed record MilestoneRow
    {
        public long Id { get; init; }
        public string Slug { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Zone { get; init; } = "";
        public long SubjectId { get; init; }
        public string SubjectSlug { get; init; } = "";
        public string SubjectName { get; init; } = "";
        public string State { get; init; } = "";
        public Instant ChangedAt { get; init; }
        public string DefinitionKind { get; init; } = "";
        public string? DefinitionBody { get; init; }
        public string? WindowKind { get; init; }
        public string? WindowBody { get; init; }
        public Instant? WindowRecordedAt { get; init; }
        public Instant? SubstanceAt { get; init; }

        public Milestone ToMilestone()
        {
            var state = LedgerJson.ReadState(State);
            return new Milestone
            {
                Id = Id,
                Slug = Slug,
                Kind = LedgerJson.ReadEnum<MilestoneKind>(Kind),
                SubjectId = SubjectId,
                SubjectSlug = SubjectSlug,
                SubjectName = SubjectName,
                Zone = DateTimeZoneProviders.Tzdb[Zone],
                State = state,
                ChangedAt = ChangedAt,
                Definition = Change(DefinitionKind, DefinitionBody).DefinitionSet() ?? new Definition { Title = Slug },
                WindowRecordedAt = WindowRecordedAt,
                SubstanceAt = SubstanceAt ?? ChangedAt,
                // redacted words: the reading is still known
                Phrase = state.Window is null
                    ? null
                    : Change(WindowKind, WindowBody).PromiseSet()?.Phrase ?? Domain.Windows.WindowPhrase.Print(state.Window),
            };
        }

        private static Change? Change(string? kind, string? body) =>
            kind is null || body is null ? null : LedgerJson.ReadBody(LedgerJson.ReadEnum<EntryKind>(kind), body).Change;
    }

    private sealed record EntryRow
    {
        public long MilestoneId { get; init; }
        public long Position { get; init; }
        public string Kind { get; init; } = "";
        public string? Occasion { get; init; }
        public Instant RecordedAt { get; init; }
        public LocalDate? HappenedOn { get; init; }
        public Instant? HappenedAt { get; init; }
        public Guid? Actor { get; init; }
        public long? Retracts { get; init; }
        public string? Body { get; init; }
        public string State { get; init; } = "";

        /// <exception cref="UnreadableEntryException">What is stored is no entry that was ever written.</exception>
        public Entry ToEntry()
        {
            try
            {
                return Read();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new UnreadableEntryException(Position, e);
            }
        }

        private Entry Read()
        {
            var kind = LedgerJson.ReadEnum<EntryKind>(Kind);
            return new Entry
            {
                Position = Position,
                Kind = kind,
                Occasion = Occasion,
                RecordedAt = RecordedAt,
                HappenedOn = HappenedOn,
                HappenedAt = HappenedAt,
                Actor = Actor,
                Retracts = Retracts,
                Body = Body is null ? null : LedgerJson.ReadBody(kind, Body),
                State = LedgerJson.ReadState(State),
            };
        }
    }
}
