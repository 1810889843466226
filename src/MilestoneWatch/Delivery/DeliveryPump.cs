using MilestoneWatch.Mail;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Leases deliveries, sends them outside any transaction, and records each reply. A committed delivery is never lost; a duplicate can come
/// only from an attempt that the relay may have accepted and we could not record.
/// </summary>
internal sealed partial class DeliveryPump(PumpContext context, Func<IMailSender> openSender, int connections, ILogger<DeliveryPump> log)
    : IAsyncDisposable
{
    private readonly List<IMailSender> _senders = [];
    private bool _looked;

    /// <summary>What the relay last complained of, if it rests; for people and for health.</summary>
    public string? Trouble { get; private set; }

    /// <summary>What was sent and what was not since the pump was made; may be read while it works.</summary>
    public Tally Tally => context.Tally;

    /// <summary>Everything that is due. Returns whether there was work, so that the caller may ask again; false while the relay rests.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        if (!await LookAsync(ct))
        {
            return false;
        }
        var (sent, notSent) = (Tally.Sent, Tally.NotSent);
        await using var lease = await WorkerLease.BeginAsync(
            context.Database,
            TimeSpan.FromSeconds(context.Options.LeaseSeconds),
            context.Time,
            ct
        );
        var probe = Trouble is not null;
        if (probe && !await MayProbeAsync(lease.Worker, ct))
        {
            lease.Clean = true;
            return false;
        }
        var run = new PumpRun(context, lease.Worker, Senders(probe ? 1 : connections), probe, ct);
        lease.Clean = await run.WorkAsync();
        await RememberAsync(run.Relay);
        (sent, notSent) = (Tally.Sent - sent, Tally.NotSent - notSent);
        if (sent + notSent > 0)
        {
            Sent(log, sent, notSent);
        }
        return Trouble is null && sent + notSent > 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }
    }

    // Whether there is something to do and nothing that forbids it.
    private async Task<bool> LookAsync(CancellationToken ct)
    {
        await using var connection = await context.Database.OpenConnectionAsync(ct);
        var rescued = await WorkerLease.RescueAsync(connection, orphans: !_looked, context.Options, ct);
        _looked = true;
        if (rescued > 0)
        {
            Rescued(log, rescued);
        }
        await DeliveryStore.BeatAsync(connection, ct);
        var trouble = await RelayStore.FindAsync(connection, context.Relay, ct);
        Trouble = trouble?.Trouble;
        return trouble is not { Rested: false } && await DeliveryStore.IsDueAsync(connection, ct);
    }

    private async Task<bool> MayProbeAsync(string worker, CancellationToken ct)
    {
        await using var connection = await context.Database.OpenConnectionAsync(ct);
        return await RelayStore.ProbeAsync(connection, context.Relay, worker, ct);
    }

    private List<IMailSender> Senders(int lanes)
    {
        while (_senders.Count < lanes)
        {
            _senders.Add(openSender());
        }
        return _senders[..lanes];
    }

    private async Task RememberAsync(RelayWatch relay)
    {
        if (relay is { Trouble: null, TooMany: { } reply })
        {
            Fewer(log, relay.Open, connections, reply);
        }
        if (relay.Trouble is null && !(Trouble is not null && relay.Answered))
        {
            return;
        }
        Trouble = relay.Trouble?.Reply;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), context.Time);
        await using var connection = await context.Database.OpenConnectionAsync(deadline.Token);
        if (relay.Trouble is { } trouble)
        {
            Rests(log, trouble.Reply);
            await RelayStore.TripAsync(connection, context.Relay, trouble.Reply, trouble.Code, deadline.Token);
        }
        else
        {
            await RelayStore.HealAsync(connection, context.Relay, deadline.Token);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery: {Sent} sent, {Other} not")]
    private static partial void Sent(ILogger logger, long sent, long other);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Delivery went on with {Open} of {Connections} connections (MW_Smtp__Connections), since the relay takes no more: {Reply}"
    )]
    private static partial void Fewer(ILogger logger, int open, int connections, string reply);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery rests, mails wait: {Trouble}")]
    private static partial void Rests(ILogger logger, string trouble);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Delivery: {Count} were left behind by a worker that is gone, and are taken up again"
    )]
    private static partial void Rescued(ILogger logger, int count);
}
