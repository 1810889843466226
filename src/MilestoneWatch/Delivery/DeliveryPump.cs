using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Leases deliveries, sends them outside any transaction, and records each reply. A committed delivery is never lost; a duplicate can come
/// only from an attempt that the relay may have accepted and we could not record.
/// </summary>
internal sealed partial class DeliveryPump(
    NpgsqlDataSource database,
    Func<IMailSender> openSender,
    int connections,
    double? ratePerSecond,
    TimeProvider time,
    ILogger<DeliveryPump> log
) : IAsyncDisposable
{
    private const int Batch = 200;
    private const int PoisonTries = 3;
    private static readonly TimeSpan BreakerRest = TimeSpan.FromSeconds(30);
    private static readonly Duration CoolOff = Duration.FromMinutes(15);

    private readonly string _worker = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName}:{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(4)}"
    );
    private readonly List<IMailSender> _senders = [];
    private readonly Pace _pace = new(ratePerSecond, time);
    private long _restUntil;

    /// <summary>What the relay last complained of, if it rests; for people and for health.</summary>
    public string? Trouble { get; private set; }

    /// <summary>One batch. Returns whether there was work, so that the caller may ask again; false while the relay rests.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        IReadOnlyList<ClaimedDelivery> claimed;
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            await DeliveryStore.RescueAsync(connection, ct);
            if (Trouble is not null && time.GetTimestamp() < _restUntil)
            {
                return false;
            }
            // a single probe while the relay is in doubt
            claimed = await DeliveryStore.ClaimAsync(connection, _worker, Trouble is null ? Batch : 1, ct);
        }
        if (claimed.Count == 0)
        {
            return false;
        }
        Trouble = null;
        var queue = Channel.CreateUnbounded<ClaimedDelivery>();
        foreach (var delivery in claimed)
        {
            queue.Writer.TryWrite(delivery);
        }
        queue.Writer.Complete();
        var lanes = Math.Min(connections, claimed.Count);
        while (_senders.Count < lanes)
        {
            _senders.Add(openSender());
        }
        var counts = await Task.WhenAll(_senders.Take(lanes).Select(sender => DrainAsync(sender, queue.Reader, ct)));
        var sent = counts.Sum(count => count.Sent);
        if (Trouble is { } trouble)
        {
            _restUntil = time.GetTimestamp() + (long)(BreakerRest.TotalSeconds * time.TimestampFrequency);
            Rests(log, trouble);
        }
        Sent(log, sent, counts.Sum(count => count.Other));
        return Trouble is null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.DisposeAsync();
        }
    }

    private async Task<(int Sent, int Other)> DrainAsync(IMailSender sender, ChannelReader<ClaimedDelivery> queue, CancellationToken ct)
    {
        var (sent, other) = (0, 0);
        while (queue.TryRead(out var delivery))
        {
            await _pace.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested || Trouble is not null)
            {
                await using var back = await database.OpenConnectionAsync(CancellationToken.None);
                await DeliveryStore.ReleaseAsync(back, delivery, CancellationToken.None);
                continue;
            }
            if (await SendAsync(sender, delivery, ct))
            {
                sent++;
            }
            else
            {
                other++;
            }
        }
        return (sent, other);
    }

    private async Task<bool> SendAsync(IMailSender sender, ClaimedDelivery delivery, CancellationToken ct)
    {
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            if (!await DeliveryStore.MarkSendingAsync(connection, delivery, _worker, ct))
            {
                return false;
            }
        }
        var result = await TrySendAsync(sender, delivery, ct);
        var tries = delivery.Attempts + 1;
        var (state, delay) = result.Outcome switch
        {
            SendOutcome.Accepted => ("sent", Duration.Zero),
            SendOutcome.Permanent => ("dead", Duration.Zero),
            SendOutcome.Ambiguous => ("unknown", CoolOff),
            SendOutcome.RelayTrouble => ("ready", Duration.Zero),
            _ => ("ready", Backoff(tries)),
        };
        if (result.Outcome == SendOutcome.RelayTrouble)
        {
            Trouble = result.Reply;
        }
        // whatever else ends, the reply is recorded
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(20), time);
        await using var settling = await database.OpenConnectionAsync(ending.Token);
        await DeliveryStore.SettleAsync(
            settling,
            delivery,
            state,
            result.Outcome.ToString(),
            result.Code,
            result.Reply,
            delay,
            ending.Token
        );
        return result.Outcome == SendOutcome.Accepted;
    }

    // A message that cannot be composed or handed over is dead after three tries and holds up nobody.
    private static async Task<SendResult> TrySendAsync(IMailSender sender, ClaimedDelivery delivery, CancellationToken ct)
    {
        ComposedMail composed;
        try
        {
            composed = delivery.Compose();
        }
        catch (ArgumentException e)
        {
            return new SendResult(delivery.Attempts + 1 < PoisonTries ? SendOutcome.Temporary : SendOutcome.Permanent, null, e.Message);
        }
        try
        {
            return await sender.SendAsync(composed, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Temporary, null, "Stopped before it was sent");
        }
        catch (Exception e)
        {
            // no relay's doing: once content may have left, senders answer Ambiguous and never throw
            return new SendResult(delivery.Attempts + 1 < PoisonTries ? SendOutcome.Temporary : SendOutcome.Permanent, null, e.Message);
        }
    }

    /// <summary>Full jitter: a random moment between half a minute and what doubles from 1 minute to 2 hours.</summary>
    private static Duration Backoff(int tries)
    {
        var most = Math.Min(7200, 60 * (1 << Math.Min(tries, 7)));
        return Duration.FromSeconds(30 + RandomNumberGenerator.GetInt32(most - 30));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Delivery: {Sent} sent, {Other} not")]
    private static partial void Sent(ILogger logger, int sent, int other);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery rests for 30 s, mails wait: {Trouble}")]
    private static partial void Rests(ILogger logger, string trouble);
}
