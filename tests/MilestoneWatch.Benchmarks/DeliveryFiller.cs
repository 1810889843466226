using System.Data;
using System.Globalization;
using Dapper;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>Fills a database with digests of 11 kB that are ready, no two of them alike, the way the digest pass writes them.</summary>
internal static class DeliveryFiller
{
    private const int Batch = 5_000;
    private const string Phrase = "Les Ulis 10 MW inference data center scheduled for Q3 2026.";

    private const string Readers = """
        insert into subscribers (email, email_key, state, cadence, at_time, day, zone, position, tz_version, created_at, confirmed_at)
        select 'reader' || n || '@example.org', 'READER' || n || '@EXAMPLE.ORG', 'active', 'weekly', '08:00', 1, 'Europe/Paris', 0, 'x', now(), now()
        from generate_series((select count(*) from subscribers) + 1, @count) n
        """;

    // as in a service that has run for two years: each month has tables of its own
    private const string Months = "select count(ensure_slot_partitions(now() - n * interval '1 month')) from generate_series(0, 24) n";

    private const string Rest = """
        insert into relays (name, trouble, troubled_at, failures, rest_until) values (@relay, 'the benchmark fills', now(), 1, 'infinity')
        """;

    // the ids are the numbers in the addresses: nobody else is in this database
    private const string Clean = "truncate deliveries, delivery_contents, attempts, audiences, workers, paces, relays";

    /// <param name="owner">The database.</param>
    /// <param name="count">How many.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="relay">Rests from now on, so that a pump that runs waits until all are there.</param>
    public static async Task FillAsync(NpgsqlDataSource owner, int count, CancellationToken ct, string? relay = null)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        await ExecuteAsync(relay is null ? Clean : $"{Clean}; {Rest}");
        await ExecuteAsync(Months);
        await ExecuteAsync(Readers);
        var slot = SystemClock.Instance.GetCurrentInstant();
        var markers = PersonalMarkers.New();
        var (leave, settings) = (markers.For("leave"), markers.For("settings"));
        var text = $"{string.Concat(Enumerable.Repeat($"{Phrase}\n", 40))}\nSettings: {settings}\nLeave: {leave}\n";
        var html =
            $"<html><body>{string.Concat(Enumerable.Repeat($"<p>{Phrase}</p>", 110))}<p><a href=\"{settings}\">Settings</a> <a href=\"{leave}\">Leave</a></p></body></html>";
        var body = SegmentEncoder.Encode(text, html, markers.All, SegmentEncoder.NewBoundary());
        var audience = new NewAudience
        {
            Purpose = "digest",
            Language = "en",
            Subject = "Les Ulis",
        };
        var audienceId = await DeliveryStore.AddAudienceAsync(connection, audience, body, slot, ct);
        for (var first = 1; first <= count; first += Batch)
        {
            var batch = Enumerable.Range(first, Math.Min(Batch, count - first + 1)).Select(n => Delivery(n, audienceId, body, slot));
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await DeliveryStore.AddAsync(connection, [.. batch], ct);
            await transaction.CommitAsync(ct);
        }
        await ExecuteAsync("analyze deliveries");
        await ExecuteAsync("analyze subscribers");
        await ExecuteAsync("checkpoint");

        Task ExecuteAsync(string sql) =>
            connection.ExecuteAsync(new CommandDefinition(sql, new { count, relay }, commandType: CommandType.Text, cancellationToken: ct));
    }

    private static NewDelivery Delivery(int n, long audienceId, EncodedBody body, Instant slot)
    {
        var number = n.ToString(CultureInfo.InvariantCulture);
        var token = string.Concat(Enumerable.Repeat($"{n:x8}", 6));
        var personal = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["leave"] = $"https://watch.example.com/leave/{token}",
            ["settings"] = $"https://watch.example.com/settings/{token}",
        };
        var headers = new MailHeaders(
            "Watch",
            "watch@example.com",
            $"Reader {number}",
            $"reader{number}@example.org",
            $"Digest {number}: Les Ulis, Q3 2026 window closed",
            slot,
            $"{token}@example.com",
            body.Boundary,
            "digests.example.com",
            new Uri($"https://watch.example.com/leave/{token}")
        );
        return new NewDelivery
        {
            Recipient = $"subscriber:{number}",
            SubscriberId = n,
            Address = $"reader{number}@example.org",
            Slot = slot,
            Key = "digest:1",
            Purpose = "digest",
            AudienceId = audienceId,
            EnvelopeFrom = "watch@example.com",
            Headers = HeaderBlock.Build(headers),
            Personal = body.Personal(personal),
            CreatedAt = slot,
        };
    }
}
