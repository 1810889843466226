using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Digests;
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

    private Standings? _standings;
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
        if (decided.Count > 0)
        {
            Readers += decided.Count;
            Decided(log, decided.Count, decided.Count(one => one.Delivery is not null));
        }
        else
        {
            // idle, it holds nothing
            _standings = null;
        }
        // readers that could not be told are tried again at the next ring, not at once
        return decided.Count > 0;
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
        var awake = readers.Except(paused).ToList();
        if (awake.Count == 0)
        {
            return decided;
        }
        var at = await StandingsAsync(connection, awake, head, ct);
        var told = await DigestComposer.ToldAsync(connection, awake, head, ct);
        var audiences = awake
            .GroupBy(reader => DigestComposer.KeyOf(reader, now, told), StringComparer.Ordinal)
            .Select(group => (Readers: group.ToList(), Standings: at[PositionOf(group.First(), head)]))
            .ToList();
        foreach (var group in audiences.GroupBy(audience => audience.Standings))
        {
            var needed = group.SelectMany(audience => DigestComposer.Needed(group.Key, audience.Readers[0], now));
            await group.Key.ReadHistoriesAsync(connection, needed.ToHashSet(), ct);
        }
        var written = new ConcurrentBag<WrittenAudience>();
        await Parallel.ForEachAsync(
            audiences,
            ct,
            async (audience, _) => written.Add(await WriteAudienceAsync(audience.Standings, audience.Readers, told, now))
        );
        foreach (var audience in written)
        {
            if (audience.Failed)
            {
                await DueReaders.PutOffAsync(connection, [.. audience.Readers.Select(reader => reader.Id)], now, now + Postponed, ct);
                continue;
            }
            var id = audience is { View: { } view, Body: { } body }
                ? await DeliveryStore.AddAudienceAsync(
                    connection,
                    new NewAudience
                    {
                        Purpose = Purpose(audience.Readers[0]),
                        From = audience.Readers[0].Position,
                        To = PositionOf(audience.Readers[0], head),
                        Language = view.Language.Code,
                        Subject = view.Subject,
                        Held = Held(view),
                    },
                    body,
                    now,
                    ct
                )
                : (long?)null;
            decided.AddRange(audience.Readers.Select(reader => Decide(reader, audience, id, links, PositionOf(reader, head), now)));
        }
        return decided;
    }

    // A welcome tells how it stood when they joined: what came after is told as news, and only once.
    private static long PositionOf(Subscriber reader, long head) => reader.WelcomeDue ? reader.Position : head;

    private async Task<Dictionary<long, Standings>> StandingsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        long head,
        CancellationToken ct
    )
    {
        _standings ??= new Standings();
        var at = new Dictionary<long, Standings>();
        foreach (var position in readers.Select(reader => PositionOf(reader, head)).Distinct())
        {
            at[position] = position == head ? _standings : new Standings();
            await at[position].MoveToAsync(connection, position, ct);
        }
        return at;
    }

    private DecidedDigest Decide(Subscriber reader, WrittenAudience audience, long? audienceId, Links links, long position, Instant now)
    {
        if (audience is not { View: { } view, Body: { } body })
        {
            return DecidedDigest.NothingNew(reader, position, now);
        }
        var digest = DecidedDigest.Sent(reader, audienceId!.Value, position, now);
        return digest with
        {
            Delivery = new NewDelivery
            {
                Recipient = $"subscriber:{reader.Id.ToString(CultureInfo.InvariantCulture)}",
                SubscriberId = reader.Id,
                Address = reader.Email,
                Slot = digest.Slot,
                Key = digest.Number is { } number ? $"digest:{number.ToString(CultureInfo.InvariantCulture)}" : "welcome",
                Purpose = Purpose(reader),
                AudienceId = audienceId!.Value,
                EnvelopeFrom = mail.FromAddress,
                Headers = composer.Headers(mail, reader, links, view.Subject, body.Boundary, now),
                Personal = body.Personal(composer.Personal(reader, links)),
                CreatedAt = now,
            },
        };
    }

    private static string Purpose(Subscriber reader) => reader.WelcomeDue ? "welcome" : "digest";

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

    /// <summary>
    /// The one rendering for readers who would read the same; without a body when there is nothing to tell. One that cannot be written is
    /// logged, those readers are put off, and nobody else waits for them.
    /// </summary>
    private async Task<WrittenAudience> WriteAudienceAsync(
        Standings standings,
        IReadOnlyList<Subscriber> readers,
        ILookup<long, Covered> told,
        Instant now
    )
    {
        try
        {
            if (DigestComposer.View(standings, readers[0], now, told) is not { } view)
            {
                return new WrittenAudience(readers, null, null);
            }
            var markers = PersonalMarkers.New();
            var (text, html) = await composer.LayOutAsync(
                view,
                standings.RecordedAt ?? now,
                markers.For("follows"),
                markers.For("settings")
            );
            return new WrittenAudience(readers, view, SegmentEncoder.Encode(text, html, markers.All, SegmentEncoder.NewBoundary()));
        }
        catch (Exception e)
        {
            NotWritten(log, readers.Count, readers[0].Id, e.GetBaseException().Message);
            return new WrittenAudience(readers, null, null) { Failed = true };
        }
    }

    /// <summary>What was told, a line each milestone: "Date moved: Les Ulis".</summary>
    private static string[] Held(DigestView view) =>
        [
            .. view.Sections.SelectMany(section => section.Blocks.Select(block => $"{section.Heading}: {block.Title}")),
            .. view.Quiet.Select(quiet => quiet.Line),
        ];

    private sealed record WrittenAudience(IReadOnlyList<Subscriber> Readers, DigestView? View, EncodedBody? Body)
    {
        public bool Failed { get; init; }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Digests: {Readers} readers are put off for 10 minutes, their mail cannot be written (subscriber {Subscriber} is one): {Reason}"
    )]
    private static partial void NotWritten(ILogger logger, int readers, long subscriber, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Digests: {Due} readers due, {Sent} mails written")]
    private static partial void Decided(ILogger logger, int due, int sent);
}
