using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>Answers by token and Idempotency-Key, kept a day at least.</summary>
internal static class KeptAnswerStore
{
    /// <summary>The constraint that lets one of many at once be recorded.</summary>
    public const string OncePerKey = "kept_answers_pk";

    public static readonly Duration Kept = Duration.FromDays(1);

    private const string Find = "select request, status, etag, location, body from kept_answers where token_id = @token and key = @key";

    private const string Add = """
        insert into kept_answers (token_id, key, request, status, etag, location, body, created_at)
        values (@token, @key, @request, @status, @etag, @location, @body, @now)
        """;

    private const string Clean = """
        delete from kept_answers where (token_id, key) in (
            select token_id, key from kept_answers where created_at < @before order by created_at limit 100 for update skip locked)
        """;

    /// <summary>What was answered, and the hash of the request that it answered; null where the key is new.</summary>
    public static async Task<(KeptAnswer Answer, byte[] Request)?> FindAsync(
        NpgsqlConnection connection,
        long token,
        string key,
        CancellationToken ct
    )
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Find, new { token, key }, cancellationToken: ct));
        return row is null ? null : (new KeptAnswer(row.Status, row.Etag, row.Location, row.Body) { Replayed = true }, row.Request);
    }

    /// <summary>In the transaction of the change that it answers.</summary>
    /// <exception cref="PostgresException"><see cref="OncePerKey"/>: the key was used meanwhile, so nothing of this is recorded.</exception>
    public static Task AddAsync(
        NpgsqlConnection connection,
        long token,
        string key,
        byte[] request,
        KeptAnswer answer,
        Instant now,
        CancellationToken ct
    )
    {
        var row = new
        {
            token,
            key,
            request,
            status = answer.Status,
            etag = answer.Etag,
            location = answer.Location,
            body = answer.Body,
            now,
        };
        return connection.ExecuteAsync(new CommandDefinition(Add, row, cancellationToken: ct));
    }

    /// <summary>Forgets some of those that were kept long enough.</summary>
    public static Task CleanAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Clean, new { before = now - Kept }, cancellationToken: ct));

    private sealed record Row(byte[] Request, int Status, string? Etag, string? Location, string Body);
}
