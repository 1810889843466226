using Dapper;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>API tokens: shown once, kept as hashes, with their last use.</summary>
internal static class ApiTokenStore
{
    /// <summary>How every token begins, so that scanners for leaked secrets can tell what it is.</summary>
    public const string Prefix = "mwt_";

    /// <summary>How often a last use is written down: a busy program costs a write in a while, not one a request.</summary>
    private static readonly Duration Between = Duration.FromMinutes(1);

    private const string Columns = """
        t.id, t.name, t.user_id, u.name as analyst, u.role, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
        """;

    private const string Add = """
        insert into api_tokens (hash, user_id, name, scopes, created_at, expires_at)
        values (@hash, @user, @name, @scopes, @now, @expires) returning id
        """;

    private const string ByHash = $"select {Columns} from api_tokens t join users u on u.id = t.user_id where t.hash = @hash";
    private const string All = $"select {Columns} from api_tokens t join users u on u.id = t.user_id order by t.id";
    private const string Used =
        "update api_tokens set last_used_at = @now where id = @id and (last_used_at is null or last_used_at < @before)";
    private const string Revoke = "update api_tokens set revoked_at = @now where id = @id and revoked_at is null";

    /// <summary>The secret of a new token, which nothing gives back later, and its number.</summary>
    public static async Task<(string Secret, long Id)> AddAsync(
        NpgsqlConnection connection,
        Guid user,
        string name,
        IReadOnlyCollection<Scope> scopes,
        Instant now,
        Instant? expires,
        CancellationToken ct
    )
    {
        var secret = Prefix + Secret.New();
        var row = new
        {
            hash = Secret.Hash(secret),
            user,
            name,
            scopes = scopes.Select(LedgerJson.WriteEnum).ToArray(),
            now,
            expires,
        };
        return (secret, await connection.ExecuteScalarAsync<long>(new CommandDefinition(Add, row, cancellationToken: ct)));
    }

    /// <summary>The token that a secret belongs to, its use written down; null for one that is unknown, revoked or expired.</summary>
    public static async Task<ApiToken?> UseAsync(NpgsqlConnection connection, string secret, Instant now, CancellationToken ct)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || secret.Length > 100)
        {
            return null;
        }
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(ByHash, new { hash = Secret.Hash(secret) }, cancellationToken: ct)
        );
        if (row?.Read() is not { } token || !token.Works(now))
        {
            return null;
        }
        if (!(token.LastUsedAt > now - Between))
        {
            var used = new
            {
                id = token.Id,
                now,
                before = now - Between,
            };
            await connection.ExecuteAsync(new CommandDefinition(Used, used, cancellationToken: ct));
        }
        return token;
    }

    public static async Task<IReadOnlyList<ApiToken>> AllAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(All, cancellationToken: ct))).Select(row => row.Read())];

    /// <summary>False where there is no such token, or it works no more.</summary>
    public static async Task<bool> RevokeAsync(NpgsqlConnection connection, long id, Instant now, CancellationToken ct) =>
        await connection.ExecuteAsync(new CommandDefinition(Revoke, new { id, now }, cancellationToken: ct)) == 1;

    private sealed record Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public Guid UserId { get; init; }
        public string Analyst { get; init; } = "";
        public string Role { get; init; } = "";
        public string[] Scopes { get; init; } = [];
        public Instant CreatedAt { get; init; }
        public Instant? ExpiresAt { get; init; }
        public Instant? LastUsedAt { get; init; }
        public Instant? RevokedAt { get; init; }

        public ApiToken Read() =>
            new(
                Id,
                Name,
                UserId,
                Analyst,
                LedgerJson.ReadEnum<Role>(Role),
                Scopes.Select(LedgerJson.ReadEnum<Scope>).ToHashSet(),
                CreatedAt,
                ExpiresAt,
                LastUsedAt,
                RevokedAt
            );
    }
}
