using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using MilestoneWatch.Bounces;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// One run of the pump: claims ahead, sends over several lanes outside any transaction, and has each reply recorded, until nothing is due, the
/// relay is in trouble, or it is told to stop.
/// </summary>
internal sealed class PumpRun
{
    private const int PoisonTries = 3;

    private readonly PumpContext _context;
    private readonly string _worker;
    private readonly IReadOnlyList<IMailSender> _senders;
    private readonly Settlements _settlements;
    private readonly Claims _claims;
    private readonly Channel<Leased> _queue;
    private readonly ConcurrentQueue<Prepared> _handedOn = new();
    private readonly ConcurrentQueue<ClaimedDelivery> _unsent = new();
    private readonly CancellationTokenSource _halt;
    private readonly CancellationToken _stopped;

    /// <param name="context">What all runs of a pump share.</param>
    /// <param name="worker">Whose leases these are.</param>
    /// <param name="senders">A connection each; used by one lane at a time.</param>
    /// <param name="probe">One mail only, to see whether a relay that rested takes mail again.</param>
    /// <param name="ct">Stops after the mails that are under way; what was only leased is given back.</param>
    public PumpRun(PumpContext context, string worker, IReadOnlyList<IMailSender> senders, bool probe, CancellationToken ct)
    {
        _context = context;
        _worker = worker;
        _senders = senders;
        _stopped = ct;
        _halt = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Relay = new RelayWatch(senders.Count, _halt.Cancel);
        _settlements = new Settlements(context.Steps, worker, context.Time);
        _claims = new Claims(context, worker, probe);
        _queue = Channel.CreateBounded<Leased>(new BoundedChannelOptions(Claims.Batch) { SingleWriter = true });
    }

    /// <summary>How the relay has behaved.</summary>
    public RelayWatch Relay { get; }

    /// <summary>Returns whether nothing is left in this run's hands; what is, others take up when its lease has ended.</summary>
    public async Task<bool> WorkAsync()
    {
        var settling = _settlements.RunAsync(_stopped);
        var claiming = ClaimAsync();
        var lanes = Task.WhenAll(_senders.Select(sender => Task.Run(() => LaneAsync(sender), CancellationToken.None)));
        var clean = false;
        try
        {
            await lanes;
        }
        finally
        {
            _settlements.Complete();
            await _halt.CancelAsync();
            await Task.WhenAll(settling, claiming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_queue.Reader.TryRead(out var waiting))
            {
                _unsent.Enqueue(waiting.Delivery);
            }
            while (_handedOn.TryDequeue(out var left))
            {
                _unsent.Enqueue(left.Delivery);
            }
            clean = await GiveBackAsync();
            _halt.Dispose();
        }
        await claiming;
        await settling;
        return clean;
    }

    private async Task ClaimAsync()
    {
        try
        {
            while (!_halt.IsCancellationRequested && await _claims.NextAsync(_halt.Token) is { } claimed)
            {
                foreach (var waiting in claimed)
                {
                    if (_halt.IsCancellationRequested || !await WriteAsync(waiting))
                    {
                        _unsent.Enqueue(waiting.Delivery);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_halt.IsCancellationRequested)
        {
            // nothing was claimed
        }
        finally
        {
            _queue.Writer.TryComplete();
        }
    }

    private async Task<bool> WriteAsync(Leased waiting)
    {
        try
        {
            await _queue.Writer.WriteAsync(waiting, _halt.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // At most one delivery of a lane is sending: the next is marked with the statement that settles the last. The relay may have been asked to
    // take it by then, behind the content of the last; nothing of its own content has left.
    private async Task LaneAsync(IMailSender sender)
    {
        Settled? done = null;
        Prepared? ahead = null;
        while (true)
        {
            var current = ahead ?? Take(least: 1);
            ahead = null;
            if (current is null)
            {
                done = await SettleAsync(done);
                if (!await _queue.Reader.WaitToReadAsync(CancellationToken.None))
                {
                    return;
                }
                continue;
            }
            var early = current.Early(_context.Time);
            if (early > TimeSpan.Zero && !_halt.IsCancellationRequested)
            {
                done = await SettleAsync(done);
                await Task.Delay(early, _context.Time, _halt.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (_halt.IsCancellationRequested)
            {
                done = await SettleAsync(done);
                _unsent.Enqueue(current.Delivery);
                continue;
            }
            var marked = await _settlements.AskAsync(done, current.Delivery);
            await AfterAsync(done);
            if (!marked)
            {
                _context.Tally.CountNotSent();
                done = null;
                continue;
            }
            // only where every lane has enough to do
            ahead = Take(least: _senders.Count);
            var next = ahead?.Early(_context.Time) <= TimeSpan.Zero ? ahead.Mail : null;
            var (result, goesOn) = current.Mail is { } mail
                ? await TrySendAsync(sender, current.Delivery, mail, next)
                : (current.Poison!, true);
            done = Next(current.Delivery, result);
            if (!goesOn)
            {
                await SettleAsync(done);
                if (ahead is not null)
                {
                    _handedOn.Enqueue(ahead);
                }
                return;
            }
        }
    }

    /// <summary>What a lane that has ended left, or the next in the queue where at least so many wait in it.</summary>
    private Prepared? Take(int least) =>
        _handedOn.TryDequeue(out var left) ? left
        : _queue.Reader.Count >= least && _queue.Reader.TryRead(out var waiting) ? Compose(waiting)
        : null;

    private async Task<Settled?> SettleAsync(Settled? done)
    {
        if (done is not null)
        {
            await _settlements.AskAsync(done, null);
            await AfterAsync(done);
        }
        return null;
    }

    // on record: counted, and an address that does not exist is not written to again
    private async Task AfterAsync(Settled? done)
    {
        if (done is null)
        {
            return;
        }
        if (done.State == "sent")
        {
            _context.Tally.CountSent();
            return;
        }
        _context.Tally.CountNotSent();
        if (done is { State: "dead", Result: { RecipientRefused: true, Code: { } code } result })
        {
            var now = Instant.FromDateTimeOffset(_context.Time.GetUtcNow());
            await using var connection = await _context.Database.OpenConnectionAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await SuppressionStore.FromReplyAsync(connection, done.Delivery.Address, code, result.Reply, now, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    // A message that cannot be composed or handed over is dead after three tries and holds up nobody. The first attempt signs: it also
    // makes the return path. Whatever went out before keeps what it had, so a retry is the same bytes.
    private Prepared Compose(Leased leased)
    {
        var delivery = leased.Delivery;
        try
        {
            if (delivery.Attempts == 0)
            {
                delivery = delivery with { EnvelopeFrom = _claims.ReturnPathOf(delivery) };
            }
            var mail = delivery.Compose(leased.Shared);
            if (delivery.Attempts == 0 && _context.Signing is { } signing)
            {
                var now = Instant.FromDateTimeOffset(_context.Time.GetUtcNow());
                delivery = delivery with { Signature = signing.Sign(mail.Headers, mail.Body, now) };
                mail = delivery.Compose(leased.Shared);
            }
            return new Prepared(delivery, mail, null, leased.NotBefore);
        }
        catch (Exception e)
        {
            return new Prepared(delivery, null, Poison(delivery, e), leased.NotBefore);
        }
    }

    private async Task<(SendResult Result, bool GoesOn)> TrySendAsync(
        IMailSender sender,
        ClaimedDelivery delivery,
        ComposedMail mail,
        ComposedMail? next
    )
    {
        try
        {
            var result = await sender.SendAsync(mail, next, _halt.Token);
            return (result, Relay.See(result));
        }
        catch (OperationCanceledException) when (_halt.IsCancellationRequested)
        {
            return (new SendResult(SendOutcome.Withdrawn, null, "Stopped before it was sent"), true);
        }
        catch (Exception e)
        {
            // no relay's doing: once content may have left, senders answer Ambiguous and never throw
            return (Poison(delivery, e), true);
        }
    }

    private static SendResult Poison(ClaimedDelivery delivery, Exception e) =>
        new(delivery.Attempts + 1 < PoisonTries ? SendOutcome.Temporary : SendOutcome.Permanent, null, e.Message);

    private Settled Next(ClaimedDelivery delivery, SendResult result) =>
        result.Outcome switch
        {
            SendOutcome.Accepted => new Settled(delivery, "sent", result, TimeSpan.Zero, Held: false),
            SendOutcome.Permanent => new Settled(delivery, "dead", result, TimeSpan.Zero, Held: false),
            SendOutcome.Ambiguous => new Settled(
                delivery,
                "unknown",
                result,
                TimeSpan.FromSeconds(_context.Options.CoolOffSeconds),
                _context.Options.HoldsUnknown
            ),
            SendOutcome.RelayTrouble or SendOutcome.Withdrawn => new Settled(delivery, "ready", result, TimeSpan.Zero, Held: false),
            _ => new Settled(delivery, "ready", result, Backoff(delivery.Attempts + 1), Held: false),
        };

    private async Task<bool> GiveBackAsync()
    {
        if (_unsent.IsEmpty)
        {
            return true;
        }
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), _context.Time);
        try
        {
            await using var connection = await _context.Database.OpenConnectionAsync(deadline.Token);
            await DeliveryStore.ReleaseAsync(connection, _worker, [.. _unsent.Select(one => (one, (TimeSpan?)null))], deadline.Token);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
        {
            return false;
        }
    }

    /// <summary>Full jitter: a random moment between half a minute and what doubles from 1 minute to 2 hours.</summary>
    private static TimeSpan Backoff(int tries)
    {
        var most = Math.Min(7200, 60 * (1 << Math.Min(tries, 7)));
        return TimeSpan.FromSeconds(30 + RandomNumberGenerator.GetInt32(most - 30));
    }

    /// <summary>A delivery with its mail; or with why there is none.</summary>
    private sealed record Prepared(ClaimedDelivery Delivery, ComposedMail? Mail, SendResult? Poison, long NotBefore)
    {
        public TimeSpan Early(TimeProvider time) => time.GetElapsedTime(time.GetTimestamp(), NotBefore);
    }
}
