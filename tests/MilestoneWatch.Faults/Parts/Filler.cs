using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>Writes deliveries as the digest pass does, no two alike, and remembers which of them were committed.</summary>
internal sealed class Filler(int seed)
{
    private const int Batch = 2_000;
    private readonly List<string> _acknowledged = [];
    private int _next;

    /// <summary>Message-IDs of what PostgreSQL said it has committed.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    public async Task FillAsync(NpgsqlDataSource database, int count, CancellationToken ct)
    {
        for (var left = count; left > 0; left -= Batch)
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await FillBatchAsync(connection, Math.Min(left, Batch), ct);
        }
    }

    /// <summary>One transaction. What it throws may have been committed or not: nobody knows, so it counts as neither.</summary>
    public async Task FillBatchAsync(NpgsqlConnection connection, int count, CancellationToken ct)
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        var markers = PersonalMarkers.New();
        var (name, link) = (markers.For("name"), markers.For("link"));
        var body = SegmentEncoder.Encode(
            $"Dear {name},\n\nLes Ulis moved from Q3 2026 to Q4 2026.\n{Padding}\nYour page: {link}\n",
            $"<html><body><p>Dear {name},</p><p>Les Ulis moved from Q3 2026 to Q4 2026.</p><p>{Padding}</p><p><a href=\"{link}\">Your page</a></p></body></html>",
            markers.All,
            SegmentEncoder.NewBoundary()
        );
        var deliveries = new List<NewDelivery>(count);
        var ids = new List<string>(count);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await DeliveryStore.EnsureSlotAsync(connection, now, ct);
        var audience = await DeliveryStore.AddAudienceAsync(
            connection,
            new NewAudience
            {
                Purpose = "digest",
                Language = "en",
                Subject = "Les Ulis moved",
            },
            body,
            now,
            ct
        );
        for (var i = 0; i < count; i++)
        {
            var number = ++_next;
            var address = string.Create(CultureInfo.InvariantCulture, $"reader{number}@d{number % 997}.example.org");
            var id = string.Create(CultureInfo.InvariantCulture, $"{seed}.{number}.{Guid.NewGuid():N}@faults.example");
            var personal = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"Reader {number} of São Tomé"),
                ["link"] = $"https://watch.example/settings/{id}",
            };
            ids.Add(id);
            deliveries.Add(
                new NewDelivery
                {
                    Recipient = string.Create(CultureInfo.InvariantCulture, $"faults:{number}"),
                    Address = address,
                    Slot = now,
                    Key = "digest:1",
                    Purpose = "digest",
                    AudienceId = audience,
                    EnvelopeFrom = "watch@faults.example",
                    Headers = HeaderBlock.Build(
                        new MailHeaders(
                            "MilestoneWatch",
                            "watch@faults.example",
                            ToName: null,
                            address,
                            "Les Ulis moved from Q3 2026 to Q4 2026",
                            now,
                            id,
                            body.Boundary,
                            "digests.faults.example",
                            new Uri($"https://watch.example/leave/{id}")
                        )
                    ),
                    Personal = body.Personal(personal),
                    CreatedAt = now,
                }
            );
        }
        await DeliveryStore.AddAsync(connection, deliveries, ct);
        await DeliveryStore.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
        _acknowledged.AddRange(ids);
    }

    private const string Padding = "What was promised, by whom, in which words, and what happened since. ";
}
