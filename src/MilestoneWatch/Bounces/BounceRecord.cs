using System.Security.Cryptography;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Bounces;

/// <summary>Takes in one report: read, proven, recorded and acted on, in one transaction. The same report twice, by whichever door, is one.</summary>
internal static class BounceRecord
{
    /// <param name="mw">The installation.</param>
    /// <param name="message">As it came.</param>
    /// <param name="trusted">It came through a door that asks for a secret, so the address it names is believed.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<RecordedBounce> RecordAsync(Installation mw, byte[] message, bool trusted, CancellationToken ct)
    {
        var reading = BounceReader.Read(message);
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var links = await Links.LoadAsync(connection, now, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var proof = await BounceProof.FindAsync(connection, links, mw.Settings.Mail, message, reading, trusted, ct);
        var named = reading.Recipient is { } recipient && Mailbox.TryRead(recipient, out var mailbox) ? mailbox : null;
        if (proof is not null)
        {
            await BounceStore.LockAsync(connection, proof.About.Key, ct);
        }
        var counted = await BounceStore.AddAsync(
            connection,
            Hash(message),
            reading,
            proof?.Kind,
            proof?.About ?? named,
            proof?.Delivery?.Id,
            now,
            ct
        );
        var suppressed = counted && proof is not null && await ActAsync(connection, mw.Settings.Bounces, reading, proof, now, ct);
        await transaction.CommitAsync(ct);
        return new RecordedBounce(reading, proof?.About.Address, proof?.Kind, counted, suppressed);
    }

    private static async Task<bool> ActAsync(
        NpgsqlConnection connection,
        BounceOptions options,
        BounceReading reading,
        BounceProof proof,
        Instant now,
        CancellationToken ct
    )
    {
        // a report that is late says nothing of an address that somebody has mended since
        var since = await SuppressionStore.LastLiftedAsync(connection, proof.About.Key, ct);
        if (reading.Kind == BounceKind.None || (proof.Delivery is { } mail && mail.SentAt < since))
        {
            return false;
        }
        var evidence = Refusal.OneLine($"{reading.Status} {reading.Diagnostic}") ?? "it said no more";
        if (reading.Kind != BounceKind.Soft)
        {
            var reason = reading.Kind == BounceKind.Hard ? Suppression.Hard : Suppression.Complaint;
            return await SuppressionStore.SuppressAsync(connection, proof.About, reason, evidence, now, ct);
        }
        return proof.Delivery is { } soft
            && SoftBounces.Count(await BounceStore.SoftAsync(connection, soft.Recipient, since, ct)) >= options.SoftLimit
            && await SuppressionStore.SuppressAsync(connection, proof.About, Suppression.Soft, evidence, now, ct);
    }

    // one door may end lines otherwise than another
    private static byte[] Hash(byte[] message) => SHA256.HashData([.. message.Where(letter => letter != (byte)'\r')]);
}
