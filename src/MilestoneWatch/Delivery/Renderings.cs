using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>The segments that readers of one rendering share: read once, however many deliveries need them.</summary>
internal sealed class Renderings
{
    /// <summary>Octets; what was used least lately is forgotten beyond it.</summary>
    private const long Most = 16 << 20;

    private readonly Dictionary<long, Kept> _kept = [];
    private long _size;
    private long _uses;

    /// <summary>The shared segments by audience, in order. An audience that is not there has none.</summary>
    public async Task<IReadOnlyDictionary<long, ReadOnlyMemory<byte>[]>> ReadAsync(
        NpgsqlConnection connection,
        IEnumerable<long> audiences,
        CancellationToken ct
    )
    {
        var wanted = audiences.Distinct().ToList();
        var missing = wanted.Where(id => !_kept.ContainsKey(id)).ToArray();
        if (missing.Length > 0)
        {
            foreach (var (id, segments) in await DeliveryStore.SegmentsAsync(connection, missing, ct))
            {
                _kept[id] = new Kept(Array.ConvertAll(segments, one => (ReadOnlyMemory<byte>)one));
                _size += _kept[id].Size;
            }
        }
        var found = new Dictionary<long, ReadOnlyMemory<byte>[]>(wanted.Count);
        foreach (var id in wanted)
        {
            if (_kept.TryGetValue(id, out var kept))
            {
                kept.Used = ++_uses;
                found[id] = kept.Segments;
            }
        }
        while (_size > Most && _kept.Count > 1)
        {
            var (id, oldest) = _kept.MinBy(one => one.Value.Used);
            _kept.Remove(id);
            _size -= oldest.Size;
        }
        return found;
    }

    private sealed class Kept(ReadOnlyMemory<byte>[] segments)
    {
        public ReadOnlyMemory<byte>[] Segments => segments;
        public long Size { get; } = segments.Sum(one => (long)one.Length);
        public long Used { get; set; }
    }
}
