using System.Globalization;
using Dapper;
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
    private const int Batch = 500;
    private static readonly Duration Postponed = Duration.FromMinutes(10);

    private const string Settled = "select position from passes where name = 'digests'";

    private const string Beat = """
        insert into passes (name, beat_at, position) values ('digests', @now, @settled)
        on conflict (name) do update set beat_at = excluded.beat_at, position = greatest(passes.position, excluded.position)
        """;

    private const string HeadRecordedAt = "select recorded_at from entries where position = @head";

    private const string Decide = """
        insert into decisions (subscriber_id, due_slot, decided_at, from_position, to_position, outcome, digest_number, audience_id)
        values (@subscriberId, @slot, @now, @from, @to, @outcome, @number, @audienceId)
        """;

    /// <summary>One batch of due readers. Returns whether there was work.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(clock.GetCurrentInstant());
        await using var connection = await database.OpenConnectionAsync(ct);
        var links = await Links.LoadAsync(connection, now, ct);
        var settled = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Settled, cancellationToken: ct));
        var quietSince = now - Duration.FromSeconds(options.QuietSeconds);
        var patientSince = now - Duration.FromSeconds(options.PatienceSeconds);

        await using var transaction = await connection.BeginTransactionAsync(ct);
        var head = await LedgerReader.HeadAsync(connection, ct);
        var due = await SubscriberStore.ClaimDueAsync(connection, now, Batch, ct);
        var immediate =
            head > settled ? await SubscriberStore.ClaimImmediateAsync(connection, settled, head, quietSince, patientSince, Batch, ct) : [];
        var readers = due.Concat(immediate).ToList();
        var sent = 0;
        var done = 0;
        var told = await DigestComposer.ToldAsync(connection, readers, head, ct);
        foreach (var audience in readers.GroupBy(reader => DigestComposer.KeyOf(reader, now, told), StringComparer.Ordinal))
        {
            if (await WriteAudienceAsync(connection, [.. audience], head, now, ct) is not { } written)
            {
                continue;
            }
            done += audience.Count();
            sent += await TellAsync(connection, links, [.. audience], written, head, now, ct);
        }
        if (!await SubscriberStore.AnyAlertPendingAsync(connection, settled, head, ct))
        {
            settled = head;
        }
        if (sent > 0)
        {
            await DeliveryStore.RingAsync(connection, ct);
        }
        await connection.ExecuteAsync(new CommandDefinition(Beat, new { now, settled }, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        if (done > 0)
        {
            Decided(log, done, sent);
        }
        // readers that could not be told are tried again at the next ring, not at once
        return done > 0;
    }

    private async Task<int> TellAsync(
        NpgsqlConnection connection,
        Links links,
        IReadOnlyList<Subscriber> readers,
        Audience audience,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        foreach (var slot in readers.Select(reader => reader.NextDueAt ?? now).DistinctBy(slot => slot.InUtc().Date.ToYearMonth()))
        {
            await DeliveryStore.EnsureSlotAsync(connection, slot, ct);
        }
        foreach (var reader in readers)
        {
            // a reader is due at their slot; an alert has none but the moment, and two in one moment are two
            var slot = reader.NextDueAt ?? Instant.Max(now, (reader.LastDigestAt ?? Instant.MinValue) + Duration.FromTicks(10));
            var number = reader.DigestNumber + (audience.Body is null ? 0 : 1);
            if (
                !await SubscriberStore.AdvanceAsync(
                    connection,
                    reader,
                    head,
                    number,
                    audience.Body is null ? reader.LastDigestAt : Instant.Max(now, slot),
                    reader.Schedule.NextAfter(now),
                    ct
                )
            )
            {
                throw new InvalidOperationException($"subscriber {reader.Id} moved while locked");
            }
            var decision = new
            {
                subscriberId = reader.Id,
                slot,
                now,
                from = reader.Position,
                to = head,
                outcome = audience.Body is null ? "nothing_new" : "sent",
                number = audience.Body is null ? (int?)null : number,
                audienceId = audience.Id,
            };
            await connection.ExecuteAsync(new CommandDefinition(Decide, decision, cancellationToken: ct));
            if (audience is { Id: { } id, Body: { } body })
            {
                await DeliveryStore.AddAsync(connection, NewDelivery(reader, links, audience.Subject, id, body, slot, number, now), ct);
            }
        }
        return audience.Body is null ? 0 : readers.Count;
    }

    /// <summary>
    /// The one rendering for readers who would read the same; without a body when nothing changed. Null when it cannot be written: that
    /// is logged, those readers are put off, and nobody else waits for them.
    /// </summary>
    private async Task<Audience?> WriteAudienceAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        var reader = readers[0];
        try
        {
            if (await DigestComposer.ViewAsync(connection, reader, head, now, ct) is not { } view)
            {
                return new Audience(null, "", null);
            }
            var asOf = await connection.ExecuteScalarAsync<Instant>(
                new CommandDefinition(HeadRecordedAt, new { head }, cancellationToken: ct)
            );
            var markers = PersonalMarkers.New();
            var (text, html) = await composer.LayOutAsync(view, asOf, markers.For("follows"), markers.For("settings"));
            var body = SegmentEncoder.Encode(text, html, markers.All, SegmentEncoder.NewBoundary());
            var id = await DeliveryStore.AddAudienceAsync(
                connection,
                "digest",
                reader.Position,
                head,
                reader.Language,
                view.Subject,
                body,
                now,
                ct
            );
            return new Audience(id, view.Subject, body);
        }
        catch (Exception e) when (e is not (OperationCanceledException or NpgsqlException))
        {
            NotWritten(log, readers.Count, reader.Id, e.GetBaseException().Message);
            await SubscriberStore.PutOffAsync(connection, [.. readers.Select(one => one.Id)], now + Postponed, ct);
            return null;
        }
    }

    private NewDelivery NewDelivery(
        Subscriber reader,
        Links links,
        string subject,
        long audienceId,
        EncodedBody body,
        Instant slot,
        int number,
        Instant now
    ) =>
        new()
        {
            Recipient = $"subscriber:{reader.Id.ToString(CultureInfo.InvariantCulture)}",
            SubscriberId = reader.Id,
            Address = reader.Email,
            Slot = slot,
            Key = $"digest:{number.ToString(CultureInfo.InvariantCulture)}",
            Purpose = "digest",
            AudienceId = audienceId,
            EnvelopeFrom = mail.FromAddress,
            Headers = composer.Headers(mail, reader, links, subject, body.Boundary, now),
            Personal = body.Personal(composer.Personal(reader, links)),
            CreatedAt = now,
        };

    /// <summary>Id and body are null when nothing changed.</summary>
    private sealed record Audience(long? Id, string Subject, EncodedBody? Body);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Digests: {Readers} readers are put off for 10 minutes, their mail cannot be written (subscriber {Subscriber} is one): {Reason}"
    )]
    private static partial void NotWritten(ILogger logger, int readers, long subscriber, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Digests: {Due} readers due, {Sent} mails written")]
    private static partial void Decided(ILogger logger, int due, int sent);
}
