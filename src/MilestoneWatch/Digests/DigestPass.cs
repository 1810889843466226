using System.Globalization;
using Dapper;
using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>
/// Decides, for every due reader, what they are told. In one transaction: the reader's position and number are compared and set, the
/// delivery is written (or the reason why there is none), and the next due time.
/// </summary>
internal sealed partial class DigestPass(
    NpgsqlDataSource database,
    IClock clock,
    DigestComposer composer,
    DigestOptions options,
    MailOptions mail,
    ILogger<DigestPass> log
)
{
    private const int Batch = 1_000;
    private static readonly Duration Postponed = Duration.FromMinutes(10);

    private const string Settled = "select position from passes where name = 'digests'";

    private const string Beat = """
        insert into passes (name, beat_at, position) values ('digests', @now, @settled)
        on conflict (name) do update set beat_at = excluded.beat_at, position = greatest(passes.position, excluded.position)
        """;

    private const string Due = "select count(*) from subscribers where state in ('active', 'paused') and next_due_at <= @now";

    private readonly Audiences _audiences = new(composer, log);
    private bool _zonesAreCurrent;

    /// <summary>Readers whose due digest was decided by this pass so far.</summary>
    public long Readers { get; private set; }

    /// <summary>How many readers are due by the clock, for whoever shows progress.</summary>
    public async Task<long> CountDueAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(Due, new { now = Ledger.Micros(clock.GetCurrentInstant()) }, cancellationToken: ct)
        );
    }

    /// <summary>One batch of due readers. Returns whether there was work.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(clock.GetCurrentInstant());
        await using var connection = await database.OpenConnectionAsync(ct);
        var links = await Links.LoadAsync(connection, now, ct);
        await FollowZonesAsync(connection, now, ct);
        var settled = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Settled, cancellationToken: ct));

        IReadOnlyList<DecidedDigest> decided;
        try
        {
            decided = await DecideAsync(connection, links, settled, now, ct);
        }
        catch
        {
            // what was not committed is rendered again
            _audiences.Forget();
            throw;
        }
        if (decided.Count > 0)
        {
            Readers += decided.Count;
            Decided(log, decided.Count, decided.Count(one => one.Delivery is not null));
        }
        else
        {
            // idle, it holds nothing
            _audiences.Forget();
        }
        // readers that could not be told are tried again at the next ring, not at once
        return decided.Count > 0;
    }

    private async Task<IReadOnlyList<DecidedDigest>> DecideAsync(
        NpgsqlConnection connection,
        Links links,
        long settled,
        Instant now,
        CancellationToken ct
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var head = await LedgerReader.HeadAsync(connection, ct);
        var readers = await ClaimAsync(connection, settled, head, now, ct);
        var decided = await DecideAsync(connection, readers, links, head, now, ct);
        await WriteAsync(connection, decided, ct);
        if (!await DueReaders.AnyAlertPendingAsync(connection, settled, head, ct))
        {
            settled = head;
        }
        await connection.ExecuteAsync(new CommandDefinition(Beat, new { now, settled }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return decided;
    }

    // Slots are computed by the tz database: with another one, those that lie ahead are computed again.
    private async Task FollowZonesAsync(NpgsqlConnection connection, Instant now, CancellationToken ct)
    {
        while (!_zonesAreCurrent && await DueReaders.RescheduleAsync(connection, now, DateTimeZoneProviders.Tzdb.VersionId, Batch, ct)) { }
        _zonesAreCurrent = true;
    }

    private async Task<IReadOnlyList<Subscriber>> ClaimAsync(
        NpgsqlConnection connection,
        long settled,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        var due = await DueReaders.ClaimAsync(connection, now, Batch, ct);
        if (head <= settled)
        {
            return due;
        }
        var quietSince = now - Duration.FromSeconds(options.QuietSeconds);
        var patientSince = now - Duration.FromSeconds(options.PatienceSeconds);
        var alerts = await DueReaders.ClaimAlertsAsync(connection, settled, head, quietSince, patientSince, Batch, ct);
        return [.. due.Concat(alerts).DistinctBy(reader => reader.Id)];
    }

    private async Task<IReadOnlyList<DecidedDigest>> DecideAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        Links links,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        var paused = readers.Where(reader => reader.State == "paused" && !(reader.PausedUntil <= now)).ToList();
        var decided = paused.ConvertAll(reader => DecidedDigest.Paused(reader, now));
        var refusing = await SuppressionStore.OfReadersAsync(connection, [.. readers.Select(reader => reader.Id)], ct);
        var suppressed = readers.Except(paused).Where(reader => refusing.ContainsKey(reader.Id)).ToList();
        decided.AddRange(suppressed.Select(reader => DecidedDigest.Suppressed(reader, now)));
        var awake = readers.Except(paused).Except(suppressed).ToList();
        if (awake.Count == 0)
        {
            return decided;
        }
        foreach (var (group, audience) in await _audiences.OfAsync(connection, awake, head, now, ct))
        {
            if (audience.Failed)
            {
                await DueReaders.PutOffAsync(connection, [.. group.Select(reader => reader.Id)], now, now + Postponed, ct);
                continue;
            }
            decided.AddRange(group.Select(reader => Decide(reader, audience, links, Audiences.PositionOf(reader, head), now)));
        }
        return decided;
    }

    private DecidedDigest Decide(Subscriber reader, WrittenAudience audience, Links links, long position, Instant now)
    {
        if (audience is not { Id: { } id, View: { } view, Body: { } body })
        {
            return DecidedDigest.NothingNew(reader, position, now);
        }
        var digest = DecidedDigest.Sent(reader, id, position, now);
        return digest with
        {
            Delivery = new NewDelivery
            {
                Recipient = $"subscriber:{reader.Id.ToString(CultureInfo.InvariantCulture)}",
                SubscriberId = reader.Id,
                Address = reader.Email,
                Slot = digest.Slot,
                Key = digest.Number is { } number ? $"digest:{number.ToString(CultureInfo.InvariantCulture)}" : "welcome",
                Purpose = Audiences.PurposeOf(reader),
                AudienceId = id,
                EnvelopeFrom = mail.FromAddress,
                Headers = composer.Headers(mail, reader, links, view.Subject, body.Boundary, now),
                Personal = body.Personal(composer.Personal(reader, links)),
                CreatedAt = now,
            },
        };
    }

    private static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<DecidedDigest> decided, CancellationToken ct)
    {
        if (decided.Count == 0)
        {
            return;
        }
        foreach (var month in decided.Select(one => one.Slot).DistinctBy(slot => slot.InUtc().Date.ToYearMonth()))
        {
            await DeliveryStore.EnsureSlotAsync(connection, month, ct);
        }
        await DueReaders.AdvanceAsync(connection, [.. decided.Select(one => one.Advanced)], ct);
        await DecisionStore.AddAsync(connection, decided, ct);
        var deliveries = decided.Select(one => one.Delivery).OfType<NewDelivery>().ToList();
        if (deliveries.Count > 0)
        {
            await DeliveryStore.AddAsync(connection, deliveries, ct);
            await DeliveryStore.RingAsync(connection, ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Digests: {Due} readers due, {Sent} mails written")]
    private static partial void Decided(ILogger logger, int due, int sent);
}
