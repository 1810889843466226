using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>How a reader joins: at once where they are known to have agreed, else through a link that expires and works once.</summary>
internal static class Joining
{
    private static readonly Duration LinkLife = Duration.FromDays(3);

    /// <exception cref="RefusedException">The address is none or known already, or a topic is not known.</exception>
    public static async Task<Subscriber> AddAsync(
        Installation mw,
        string email,
        Schedule schedule,
        IReadOnlyList<string> topics,
        string language,
        bool confirmed,
        bool welcome,
        CancellationToken ct
    )
    {
        if (!Mailbox.TryRead(email, out var mailbox))
        {
            throw new RefusedException($"\"{email}\" is no address that mail can be sent to: write it as name@example.org");
        }
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await DeliveryStore.EnsureSlotAsync(connection, now, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await SuppressionStore.StandingAsync(connection, mailbox.Key, ct) is { } refuses)
        {
            throw new RefusedException(
                $"no mail is sent to {email}, {refuses.InWords()}; `mw suppression remove {email} --reason TEXT` allows it again"
            );
        }
        var wanted = new Wanted(schedule, await TopicsAsync(connection, topics, ct), language, NothingChanged: true);
        var head = await LedgerReader.HeadAsync(connection, ct);
        if (await SubscriberStore.AddAsync(connection, email, wanted, confirmed, welcome, head, now, ct) is not { } id)
        {
            throw new RefusedException($"{email} subscribes already; `mw subscriber show {email}` tells how");
        }
        var subscriber = (await SubscriberStore.FindAsync(connection, id, ct))!;
        if (!confirmed)
        {
            await AskToConfirmAsync(connection, mw, subscriber, now, ct);
            await DeliveryStore.RingAsync(connection, ct);
        }
        else if (welcome)
        {
            await DueReaders.RingAsync(connection, ct);
        }
        await transaction.CommitAsync(ct);
        return subscriber;
    }

    /// <exception cref="RefusedException">A topic is not known.</exception>
    public static async Task<IReadOnlyList<Topic>> TopicsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> slugs,
        CancellationToken ct
    )
    {
        var (known, unknown) = await SubscriberStore.TopicsAsync(connection, slugs, ct);
        return unknown is null
            ? known
            : throw new RefusedException($"--topics: {NearestSlug.Message(unknown, await LedgerReader.SlugsAsync(connection, ct))}");
    }

    /// <summary>
    /// Takes a request at the door. It does the same for every address: counts, and puts the request where <see cref="JoinPass"/> finds
    /// it, so that neither the answer nor its time tells who is known. Null when it was taken, else how long to wait.
    /// </summary>
    public static async Task<Duration?> RequestAsync(Installation mw, JoinRequest request, string network, CancellationToken ct)
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var links = await Links.LoadAsync(connection, now, ct);
        if (await JoinLimits.AtTheDoorAsync(connection, links, network, now, ct) is { } wait)
        {
            return wait;
        }
        await JoinStore.AddAsync(connection, request, now, ct);
        await DeliveryStore.RingAsync(connection, ct);
        return null;
    }

    /// <summary>Whom a link's token would confirm; null for one that is unknown, used or expired. Changes nothing.</summary>
    public static async Task<Subscriber?> FindAsync(NpgsqlDataSource database, string token, Instant clock, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await JoinStore.FindTokenAsync(connection, Hash(token), Ledger.Micros(clock), ct) is { } id
            ? await SubscriberStore.FindAsync(connection, id, ct)
            : null;
    }

    /// <summary>Confirms through a link's token: who it was; null for one that is unknown, used or expired.</summary>
    public static async Task<Subscriber?> ConfirmAsync(NpgsqlDataSource database, string token, Instant clock, CancellationToken ct)
    {
        var now = Ledger.Micros(clock);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await JoinStore.UseTokenAsync(connection, Hash(token), now, ct) is not { } id)
        {
            return null;
        }
        var subscriber = (await SubscriberStore.FindAsync(connection, id, ct))!;
        await SubscriberStore.ActivateAsync(connection, subscriber, await LedgerReader.HeadAsync(connection, ct), now, ct);
        var active = await SubscriberStore.FindAsync(connection, id, ct);
        await DueReaders.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return active;
    }

    /// <summary>Writes the mail with a new link that confirms.</summary>
    public static async Task AskToConfirmAsync(
        NpgsqlConnection connection,
        Installation mw,
        Subscriber subscriber,
        Instant now,
        CancellationToken ct
    )
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        await JoinStore.AddTokenAsync(connection, Hash(token), subscriber.Id, now, now + LinkLife, ct);
        var letter = await JoinLetters.ConfirmationAsync(mw.Renderer, subscriber, mw.Settings.Site.LinkTo($"/confirm/{token}"), now);
        await letter.AddAsync(connection, mw.Settings.Mail, now, ct);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
