using System.Security.Cryptography;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>A message of its own to one recipient, such as a confirmation or a nudge: no audience shares its words.</summary>
internal sealed record Letter(string Purpose, string Subject, string Text, string Html)
{
    public required string Recipient { get; init; }
    public long? SubscriberId { get; init; }
    public required string Address { get; init; }
    public required Instant Slot { get; init; }
    public required string Key { get; init; }
    public string Language { get; init; } = "en";

    /// <summary>How long it is worth sending; null for as long as any mail.</summary>
    public Duration? Life { get; init; }

    /// <summary>Writes it, to be delivered once the transaction commits.</summary>
    public async Task AddAsync(NpgsqlConnection connection, MailOptions mail, Instant now, CancellationToken ct)
    {
        var body = SegmentEncoder.Encode(Text, Html, [], SegmentEncoder.NewBoundary());
        var audienceId = await DeliveryStore.AddAudienceAsync(
            connection,
            new NewAudience
            {
                Purpose = Purpose,
                Language = Language,
                Subject = Subject,
            },
            body,
            now,
            ct
        );
        var headers = new MailHeaders(
            mail.FromName,
            mail.FromAddress,
            ToName: null,
            Address,
            Subject,
            now,
            $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{mail.Domain}",
            body.Boundary
        );
        var delivery = new NewDelivery
        {
            Recipient = Recipient,
            SubscriberId = SubscriberId,
            Address = Address,
            Slot = Slot,
            Key = Key,
            Purpose = Purpose,
            AudienceId = audienceId,
            EnvelopeFrom = mail.FromAddress,
            Headers = HeaderBlock.Build(headers),
            Personal = [],
            CreatedAt = now,
        };
        await DeliveryStore.AddAsync(connection, [Life is { } life ? delivery with { Life = life } : delivery], ct);
    }
}
