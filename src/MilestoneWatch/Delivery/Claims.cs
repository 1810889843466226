using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>What a run takes up, batch by batch, each delivery with the moment its turn comes.</summary>
internal sealed class Claims(PumpContext context, string worker, bool probe)
{
    public const int Batch = 200;

    /// <summary>What is further off is given back until its turn, so that it holds up no lane.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    /// <summary>How long a run stays for deliveries whose domain has to wait.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(5);

    /// <summary>How long a run goes on from where it was, before it looks for what has come due earlier in the order.</summary>
    private static readonly TimeSpan Onwards = TimeSpan.FromSeconds(5);

    // The line of all mails is the relay's name; no domain has a blank in it.
    private string Line => $"relay {context.Relay}";

    private readonly Dictionary<string, long> _domains = new(StringComparer.Ordinal);
    private Queue<SlotMonth> _months = new();
    private ClaimedDelivery? _last;
    private long _since = context.Time.GetTimestamp();
    private long? _again;
    private bool _asked;

    /// <summary>The next deliveries; null when nothing is due any more.</summary>
    public async Task<IReadOnlyList<Leased>?> NextAsync(CancellationToken ct)
    {
        while (!(probe && _asked))
        {
            _asked = true;
            var claimed = await ClaimAsync(ct);
            if (claimed.Count > 0)
            {
                await using var connection = await context.Database.OpenConnectionAsync(CancellationToken.None);
                return await PaceAsync(connection, [.. claimed.Where(one => !one.Expired)], CancellationToken.None);
            }
            var wait = _again is { } again ? context.Time.GetElapsedTime(context.Time.GetTimestamp(), again) : TimeSpan.MaxValue;
            if (wait > Stay)
            {
                return null;
            }
            _again = null;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, context.Time, ct);
        }
        return null;
    }

    // From where it was, month by month; once they are through, and every few seconds, from the start of the order.
    private async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(CancellationToken ct)
    {
        if (context.Time.GetElapsedTime(_since) > Onwards)
        {
            _months.Clear();
        }
        var looked = false;
        while (_months.Count > 0 || !looked)
        {
            if (_months.Count == 0)
            {
                await using var connection = await context.Database.OpenConnectionAsync(ct);
                _months = new(await DeliveryStore.DueMonthsAsync(connection, ct));
                (_last, _since, looked) = (null, context.Time.GetTimestamp(), true);
                continue;
            }
            await using var steps = await context.Steps.OpenConnectionAsync(ct);
            // cut off by the command's own time limit, never by whoever stops the run: what is claimed unseen would belong to nobody
            var claimed = await DeliveryStore.ClaimAsync(steps, worker, _months.Peek(), Size, _last, CancellationToken.None);
            _last = claimed.Count == Size ? claimed[^1] : null;
            if (_last is null)
            {
                _months.Dequeue();
            }
            if (claimed.Count > 0)
            {
                return claimed;
            }
        }
        return [];
    }

    // a second's worth or two: what a limit makes wait is better left to whoever comes by
    private int Size =>
        probe ? 1
        : context.RatePerSecond is { } rate ? (int)Math.Clamp(Math.Ceiling(2 * rate), 1, Batch)
        : Batch;

    private async Task<IReadOnlyList<Leased>> PaceAsync(NpgsqlConnection connection, List<ClaimedDelivery> claimed, CancellationToken ct)
    {
        context.Links ??= await Links.LoadAsync(connection, Instant.FromDateTimeOffset(context.Time.GetUtcNow()), ct);
        var shared = await context.Renderings.ReadAsync(connection, claimed.Select(one => one.AudienceId), ct);
        var now = context.Time.GetTimestamp();
        var waiting = claimed.ConvertAll(one => new Leased(one, shared.GetValueOrDefault(one.AudienceId) ?? [], now));
        if (context.RatePerDomain is { } perDomain)
        {
            waiting = await PaceDomainsAsync(connection, waiting, TimeSpan.FromSeconds(1 / perDomain), ct);
        }
        if (context.RatePerSecond is { } rate && waiting.Count > 0)
        {
            var gap = TimeSpan.FromSeconds(1 / rate);
            var places = new Dictionary<string, int>(StringComparer.Ordinal) { [Line] = waiting.Count };
            var end = After((await PaceStore.ReserveAsync(connection, places, gap, ct))[Line]);
            waiting =
            [
                .. waiting.Select((one, i) => one with { NotBefore = Math.Max(one.NotBefore, end - Ticks((waiting.Count - i) * gap)) }),
            ];
        }
        return waiting;
    }

    private async Task<List<Leased>> PaceDomainsAsync(NpgsqlConnection connection, List<Leased> waiting, TimeSpan gap, CancellationToken ct)
    {
        var places = waiting
            .Where(one => !one.Delivery.Paced)
            .CountBy(one => Domain(one), StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        var ends =
            places.Count > 0
                ? await PaceStore.ReserveAsync(connection, places, gap, ct)
                : new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var soon = new List<Leased>();
        var later = new List<(ClaimedDelivery, TimeSpan?)>();
        foreach (var one in waiting)
        {
            var domain = Domain(one);
            var turn = one.Delivery.Paced ? one.NotBefore : After(ends[domain] - (places[domain]-- * gap));
            // those that had to wait may all come at once after a pause: still one after the other
            turn = Math.Max(turn, _domains.GetValueOrDefault(domain));
            var wait = context.Time.GetElapsedTime(context.Time.GetTimestamp(), turn);
            if (wait > Ahead)
            {
                later.Add((one.Delivery, wait));
                _again = Math.Min(_again ?? long.MaxValue, turn);
                continue;
            }
            _domains[domain] = turn + Ticks(gap);
            soon.Add(one with { NotBefore = turn });
        }
        if (later.Count > 0)
        {
            await DeliveryStore.ReleaseAsync(connection, worker, later, ct);
        }
        return [.. soon.OrderBy(one => one.NotBefore)];
    }

    /// <summary>The return path: an address for each delivery, so that a bounce proves itself and names it.</summary>
    public string ReturnPathOf(ClaimedDelivery delivery) => ReturnPath.For(context.Mail, context.Links!.ReturnPathTokenFor(delivery.Id));

    private static string Domain(Leased one) => one.Delivery.Recipient?.Domain ?? "";

    private long After(TimeSpan span) => context.Time.GetTimestamp() + Ticks(span);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * context.Time.TimestampFrequency);
}
