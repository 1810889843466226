using Dapper;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>
/// All milestones as known at one position, and the histories that mails are written from. Kept while a pass is busy, so that each is read
/// once however many readers follow it; only what changed since is read again.
/// </summary>
internal sealed class Standings
{
    /// <summary>Entries kept at most, so that memory stays flat: past it the histories are read again.</summary>
    private const int MostEntries = 100_000;

    private const int ReadAtOnce = 200;

    /// <summary>All but looks, which may be many: a mail tells of the last one only.</summary>
    private static readonly EntryKind[] Telling = [.. Enum.GetValues<EntryKind>().Where(kind => kind != EntryKind.Looked)];

    private const string RecordedAtPosition = "select recorded_at from entries where position = @position";

    private const string ChangedSince = "select id from milestones where position > @position";

    private readonly SortedDictionary<long, Milestone> _all = [];
    private readonly Dictionary<long, IReadOnlyList<Entry>> _histories = [];
    private readonly Dictionary<string, Following> _following = new(StringComparer.Ordinal);
    private Dictionary<Guid, string> _names = [];
    private int _entries;

    public long Position { get; private set; } = -1;

    /// <summary>When that position was recorded: the instant that links of a mail ask about. Null before the first.</summary>
    public Instant? RecordedAt { get; private set; }

    /// <summary>Questions that bear on each milestone, by slug.</summary>
    public ILookup<string, Milestone> BearsOn { get; private set; } =
        Enumerable.Empty<Milestone>().ToLookup(_ => "", StringComparer.Ordinal);

    /// <summary>The names of those who recorded the entries in the histories that were read.</summary>
    public IReadOnlyDictionary<Guid, string> Names => _names;

    /// <summary>All at a later position, or the same.</summary>
    public async Task MoveToAsync(NpgsqlConnection connection, long head, CancellationToken ct)
    {
        if (head == Position)
        {
            return;
        }
        long[]? changed =
            Position < 0
                ? null
                :
                [
                    .. await connection.QueryAsync<long>(
                        new CommandDefinition(ChangedSince, new { position = Position }, cancellationToken: ct)
                    ),
                ];
        foreach (var milestone in await LedgerReader.MilestonesAsync(connection, head, ct, ids: changed))
        {
            _all[milestone.Id] = milestone;
            if (_histories.Remove(milestone.Id, out var old))
            {
                _entries -= old.Count;
            }
        }
        Position = head;
        RecordedAt = await connection.ExecuteScalarAsync<Instant?>(
            new CommandDefinition(RecordedAtPosition, new { position = head }, cancellationToken: ct)
        );
        _following.Clear();
        BearsOn = _all
            .Values.Where(question => question.Kind == MilestoneKind.Question)
            .SelectMany(question => question.Definition.About.Select(about => (about, question)))
            .ToLookup(pair => pair.about, pair => pair.question, StringComparer.Ordinal);
    }

    /// <summary>What readers of some topics follow; the same one for the same topics.</summary>
    public Following Of(IReadOnlyList<Topic> topics)
    {
        var key = Following.KeyOf(topics);
        if (!_following.TryGetValue(key, out var following))
        {
            _following[key] = following = new Following(_all.Values, topics);
        }
        return following;
    }

    /// <summary>Reads the histories of some milestones, and who wrote them, where they are not there yet.</summary>
    public async Task ReadHistoriesAsync(NpgsqlConnection connection, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        if (_entries > MostEntries)
        {
            _histories.Clear();
            _entries = 0;
        }
        long[] missing = [.. ids.Where(id => !_histories.ContainsKey(id))];
        if (missing.Length == 0)
        {
            return;
        }
        // a few at a time: rows are many times the size of what is kept of them
        foreach (var some in missing.Chunk(ReadAtOnce))
        {
            var read = await LedgerReader.HistoryAsync(connection, some, Position, ct, Telling);
            var looks = await LedgerReader.AtAsync(connection, [.. some.Select(LookOf).OfType<long>()], ct);
            foreach (var id in some)
            {
                var look = LookOf(id) is { } position ? looks.GetValueOrDefault(position) : null;
                _histories[id] = [.. look is null ? read[id] : read[id].Append(look).OrderBy(entry => entry.Position)];
                _entries += _histories[id].Count;
            }
        }
        var entries = missing.SelectMany(id => _histories[id]).Where(entry => entry.Actor is { } actor && !_names.ContainsKey(actor));
        _names = _names.Concat(await LedgerReader.NamesAsync(connection, entries, ct)).ToDictionary(name => name.Key, name => name.Value);
    }

    private long? LookOf(long id) => _all[id].State.LookPosition;

    /// <summary>A milestone's entries, of its looks only the last, oldest first; none where they were not read.</summary>
    public IReadOnlyList<Entry> History(long id) => _histories.GetValueOrDefault(id) ?? [];

    /// <summary>What a mail says beside its news: each milestone with its history, but without a change.</summary>
    public MilestoneDelta Unchanged(Milestone milestone) =>
        new()
        {
            Milestone = milestone,
            Before = milestone.State,
            History = History(milestone.Id),
        };
}
