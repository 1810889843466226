using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dapper;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>Everything that is held on one reader: handed out, or gone.</summary>
internal static class ReaderData
{
    private const string Row = """
        select id, email, state, cadence, to_char(at_time, 'HH24:MI') as at_time, day, zone, language, nothing_changed, position, digest_number,
            last_digest_at, next_due_at, paused_until, created_at, confirmed_at, left_at
        from subscribers where id = @id
        """;

    private const string TopicsOf = """
        select t.kind, coalesce(m.slug, j.slug) as slug, t.since as since_position
        from topics t
        left join milestones m on t.kind = 'milestone' and m.id = t.ref_id
        left join subjects j on t.kind = 'subject' and j.id = t.ref_id
        where t.subscriber_id = @id order by t.kind, t.ref_id
        """;

    private const string RequestsOf = """
        select r.asked_at, r.email, r.cadence, to_char(r.at_time, 'HH24:MI') as at_time, r.day, r.zone, r.language, r.topics
        from join_requests r join subscribers s on s.email_key = r.email_key where s.id = @id order by r.id
        """;

    private const string ConfirmationsOf =
        "select created_at, expires_at, used_at from tokens where subscriber_id = @id order by created_at";

    private const string DigestsOf = """
        select d.due_slot as due_at, d.decided_at, d.outcome, d.digest_number, a.subject_line as subject
        from decisions d left join audiences a on a.id = d.audience_id
        where d.subscriber_id = @id order by d.due_slot
        """;

    private const string MailsOf = """
        select d.id, d.purpose, d.address, d.due_slot as due_at, a.subject_line as subject, d.state, d.created_at, d.settled_at,
            d.last_code, d.last_reply
        from deliveries d left join audiences a on a.id = d.audience_id
        where d.recipient = @recipient order by d.due_slot, d.key
        """;

    private const string AttemptsOf = """
        select a.delivery_id, a.started_at, a.ended_at, a.outcome, a.code, a.reply
        from attempts a join deliveries d on d.id = a.delivery_id and d.due_slot = a.due_slot
        where d.recipient = @recipient order by a.started_at
        """;

    private const string SuppressionsOf = """
        select x.address, x.reason, x.evidence, x.suppressed_at, x.lifted_at, x.lifted_because
        from suppressions x join subscribers s on s.email_key = x.email_key where s.id = @id order by x.suppressed_at, x.id
        """;

    private const string BouncesOf = """
        select b.read_at, b.kind, b.address, b.status, b.diagnostic, b.proof, b.delivery_id
        from bounces b join subscribers s on s.email_key = b.email_key where s.id = @id order by b.read_at, b.id
        """;

    private const string Lock = "select id from subscribers where id = @id for update";

    private const string EraseAttempts = """
        delete from attempts a using deliveries d where d.recipient = @recipient and a.delivery_id = d.id and a.due_slot = d.due_slot
        """;

    private const string EraseContents = """
        delete from delivery_contents t using deliveries d
        where d.recipient = @recipient and t.delivery_id = d.id and t.due_slot = d.due_slot
        """;

    // Letters are written for one reader; what a digest says is the same for its whole audience.
    private const string EraseLetters = """
        delete from audiences where id in (select audience_id from deliveries where recipient = @recipient and purpose = 'confirmation')
        """;

    private const string EraseMails = "delete from deliveries where recipient = @recipient";
    private const string EraseDigests = "delete from decisions where subscriber_id = @id";

    private const string EraseRequests = """
        delete from join_requests where email_key = (select email_key from subscribers where id = @id)
        """;

    private const string EraseSuppressions = """
        delete from suppressions where email_key = (select email_key from subscribers where id = @id)
        """;

    private const string EraseBounces = "delete from bounces where email_key = (select email_key from subscribers where id = @id)";

    private const string EraseRow = "delete from subscribers where id = @id";

    private static readonly JsonSerializerOptions Json = new(LedgerJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        WriteIndented = true,
    };

    /// <summary>What is held, as one document; links and other secrets are not in it. Null for nobody.</summary>
    public static async Task<JsonObject?> ExportAsync(NpgsqlConnection connection, long id, Instant now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        if (await ReadAsync<Held>(Row) is not [{ } reader])
        {
            return null;
        }
        var attempts = (await ReadAsync<Attempt>(AttemptsOf)).ToLookup(attempt => attempt.DeliveryId);
        var mails = new JsonArray();
        foreach (var mail in await ReadAsync<Mailed>(MailsOf))
        {
            var node = (JsonObject)Node(mail);
            node["attempts"] = Node(attempts[mail.Id].ToList());
            mails.Add(node);
        }
        return new JsonObject
        {
            ["exported_at"] = Node(now),
            ["subscriber"] = Node(reader),
            ["topics"] = Node(await ReadAsync<Followed>(TopicsOf)),
            ["requests"] = Node(await ReadAsync<Requested>(RequestsOf)),
            ["confirmations"] = Node(await ReadAsync<Confirmation>(ConfirmationsOf)),
            ["digests"] = Node(await ReadAsync<Due>(DigestsOf)),
            ["mails"] = mails,
            ["suppressions"] = Node(await ReadAsync<Refused>(SuppressionsOf)),
            ["bounces"] = Node(await ReadAsync<Returned>(BouncesOf)),
        };

        async Task<List<T>> ReadAsync<T>(string sql) =>
            [.. await connection.QueryAsync<T>(new CommandDefinition(sql, Of(id), cancellationToken: ct))];
    }

    /// <summary>The document as text for people and programs.</summary>
    public static string Text(JsonObject data) => data.ToJsonString(Json);

    /// <summary>
    /// Deletes the reader and all that is kept about them; their links are dead from now on, and what waits is not sent. What stays of a
    /// limit is an HMAC, for a day at most.
    /// </summary>
    public static async Task EraseAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (
            var sql in (string[])
                [
                    Lock,
                    EraseAttempts,
                    EraseContents,
                    EraseLetters,
                    EraseMails,
                    EraseDigests,
                    EraseRequests,
                    EraseSuppressions,
                    EraseBounces,
                    EraseRow,
                ]
        )
        {
            await connection.ExecuteAsync(new CommandDefinition(sql, Of(id), cancellationToken: ct));
        }
        await transaction.CommitAsync(ct);
    }

    private static object Of(long id) => new { id, recipient = string.Create(CultureInfo.InvariantCulture, $"subscriber:{id}") };

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Json)!;

    private sealed record Held
    {
        public long Id { get; init; }
        public string Email { get; init; } = "";
        public string State { get; init; } = "";
        public string Cadence { get; init; } = "";
        public string AtTime { get; init; } = "";
        public short Day { get; init; }
        public string Zone { get; init; } = "";
        public string Language { get; init; } = "";
        public bool NothingChanged { get; init; }
        public long Position { get; init; }
        public int DigestNumber { get; init; }
        public Instant? LastDigestAt { get; init; }
        public Instant? NextDueAt { get; init; }
        public Instant? PausedUntil { get; init; }
        public Instant CreatedAt { get; init; }
        public Instant? ConfirmedAt { get; init; }
        public Instant? LeftAt { get; init; }
    }

    private sealed record Followed
    {
        public string Kind { get; init; } = "";
        public string? Slug { get; init; }
        public long SincePosition { get; init; }
    }

    private sealed record Requested
    {
        public Instant AskedAt { get; init; }
        public string Email { get; init; } = "";
        public string Cadence { get; init; } = "";
        public string AtTime { get; init; } = "";
        public short Day { get; init; }
        public string Zone { get; init; } = "";
        public string Language { get; init; } = "";
        public string[] Topics { get; init; } = [];
    }

    private sealed record Confirmation
    {
        public Instant CreatedAt { get; init; }
        public Instant ExpiresAt { get; init; }
        public Instant? UsedAt { get; init; }
    }

    private sealed record Due
    {
        public Instant DueAt { get; init; }
        public Instant DecidedAt { get; init; }
        public string Outcome { get; init; } = "";
        public int? DigestNumber { get; init; }
        public string? Subject { get; init; }
    }

    private sealed record Mailed
    {
        public long Id { get; init; }
        public string Purpose { get; init; } = "";
        public string Address { get; init; } = "";
        public Instant DueAt { get; init; }
        public string? Subject { get; init; }
        public string State { get; init; } = "";
        public Instant CreatedAt { get; init; }
        public Instant? SettledAt { get; init; }
        public int? LastCode { get; init; }
        public string? LastReply { get; init; }
    }

    private sealed record Attempt
    {
        public long DeliveryId { get; init; }
        public Instant StartedAt { get; init; }
        public Instant? EndedAt { get; init; }
        public string? Outcome { get; init; }
        public int? Code { get; init; }
        public string? Reply { get; init; }
    }

    private sealed record Refused
    {
        public string Address { get; init; } = "";
        public string Reason { get; init; } = "";
        public string Evidence { get; init; } = "";
        public Instant SuppressedAt { get; init; }
        public Instant? LiftedAt { get; init; }
        public string? LiftedBecause { get; init; }
    }

    private sealed record Returned
    {
        public Instant ReadAt { get; init; }
        public string Kind { get; init; } = "";
        public string? Address { get; init; }
        public string? Status { get; init; }
        public string? Diagnostic { get; init; }
        public string? Proof { get; init; }
        public long? DeliveryId { get; init; }
    }
}
