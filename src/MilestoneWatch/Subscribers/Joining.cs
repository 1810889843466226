using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Languages;
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

    private const string AddToken = """
        insert into tokens (hash, purpose, subscriber_id, created_at, expires_at) values (@hash, 'confirmation', @subscriberId, @now, @expiresAt)
        """;

    private const string UseToken = """
        update tokens set used_at = @now
        where hash = @hash and purpose = 'confirmation' and used_at is null and expires_at > @now returning subscriber_id
        """;

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
        if (!Mailbox.TryRead(email, out _))
        {
            throw new RefusedException($"\"{email}\" is no address that mail can be sent to: write it as name@example.org");
        }
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await DeliveryStore.EnsureSlotAsync(connection, now, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var wanted = new Wanted(schedule, await TopicsAsync(connection, topics, ct), language, NothingChanged: true);
        var head = await LedgerReader.HeadAsync(connection, ct);
        if (await SubscriberStore.AddAsync(connection, email, wanted, confirmed, welcome, head, now, ct) is not { } id)
        {
            throw new RefusedException($"{email} subscribes already; `mw subscriber show {email}` tells how");
        }
        var subscriber = (await SubscriberStore.FindAsync(connection, id, ct))!;
        if (!confirmed)
        {
            await AskAsync(connection, mw.Settings, mw.Renderer, subscriber, now, ct);
            await DeliveryStore.RingAsync(connection, ct);
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

    /// <summary>Confirms through a link's token. False for one that is unknown, used or expired.</summary>
    public static async Task<bool> ConfirmAsync(NpgsqlDataSource database, string token, Instant clock, CancellationToken ct)
    {
        var now = Ledger.Micros(clock);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var used = new { hash = Hash(token), now };
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(UseToken, used, cancellationToken: ct)) is not { } id)
        {
            return false;
        }
        var subscriber = (await SubscriberStore.FindAsync(connection, id, ct))!;
        await SubscriberStore.ActivateAsync(connection, subscriber, await LedgerReader.HeadAsync(connection, ct), now, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task AskAsync(
        NpgsqlConnection connection,
        Settings settings,
        MailRenderer renderer,
        Subscriber subscriber,
        Instant now,
        CancellationToken ct
    )
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var link = settings.Site.LinkTo($"/confirm/{token}");
        const string Subject = "Confirm your MilestoneWatch subscription";
        var asked =
            $"Someone, probably you, asked for MilestoneWatch's mails to this address: {ScheduleWords.Of(subscriber)[..^1].Replace("You follow ", "", StringComparison.Ordinal)}.";
        const string Press = "To confirm, open this page and press the button:";
        const string Ignore = "If it was not you, do nothing: the link works once, for three days, and no other mail will come.";
        var secret = new
        {
            hash = Hash(token),
            subscriberId = subscriber.Id,
            now,
            expiresAt = now + LinkLife,
        };
        await connection.ExecuteAsync(new CommandDefinition(AddToken, secret, cancellationToken: ct));
        var words = new LetterWords(Language.Of(subscriber.Language), Subject, [asked], Press, "Confirm the subscription", link, [Ignore]);
        var html = await renderer.RenderAsync<LetterMail>(new(StringComparer.Ordinal) { [nameof(LetterMail.Words)] = words });
        var letter = new Letter("confirmation", words.Subject, words.Text(), html)
        {
            Recipient = string.Create(CultureInfo.InvariantCulture, $"subscriber:{subscriber.Id}"),
            SubscriberId = subscriber.Id,
            Address = subscriber.Email,
            Slot = now,
            Key = "confirmation",
            Language = subscriber.Language,
        };
        await letter.AddAsync(connection, settings.Mail, now, ct);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
