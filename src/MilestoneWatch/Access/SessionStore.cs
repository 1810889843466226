using Dapper;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>Who is signed in where. A session ends when it is ended, or thirty days after its last use.</summary>
internal static class SessionStore
{
    public static readonly Duration Life = Duration.FromDays(30);

    /// <summary>How often a use is written down.</summary>
    private static readonly Duration Between = Duration.FromMinutes(5);

    private const string Columns = """
        s.id, s.user_id, u.name as analyst, u.role, u.zone, s.browser, s.created_at, s.last_used_at, s.expires_at
        """;

    private const string Add = """
        insert into sessions (hash, user_id, browser, created_at, last_used_at, expires_at)
        values (@hash, @user, @browser, @now, @now, @expires)
        """;

    private const string ByHash = $"""
        select {Columns} from sessions s join users u on u.id = s.user_id where s.hash = @hash and s.expires_at > @now
        """;

    private const string OfUser = $"""
        select {Columns} from sessions s join users u on u.id = s.user_id
        where s.user_id = @user and s.expires_at > @now order by s.last_used_at desc, s.id desc
        """;

    private const string All = $"select {Columns} from sessions s join users u on u.id = s.user_id where s.expires_at > @now";
    private const string Used = "update sessions set last_used_at = @now, expires_at = @expires where id = @id";
    private const string End = "delete from sessions where id = @id and user_id = @user";
    private const string EndByHash = "delete from sessions where hash = @hash";
    private const string EndOthers = "delete from sessions where user_id = @user and id <> @kept";
    private const string EndAll = "delete from sessions where user_id = @user";
    private const string Clean = "delete from sessions where expires_at <= @now";

    /// <summary>The secret of a new session, for the browser's cookie.</summary>
    public static async Task<string> BeginAsync(NpgsqlConnection connection, Guid user, string browser, Instant now, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition(Clean, new { now }, cancellationToken: ct));
        var secret = Secret.New();
        var row = new
        {
            hash = Secret.Hash(secret),
            user,
            browser,
            now,
            expires = now + Life,
        };
        await connection.ExecuteAsync(new CommandDefinition(Add, row, cancellationToken: ct));
        return secret;
    }

    /// <summary>The session of a cookie's secret, its use written down; null for one that is unknown, ended or expired.</summary>
    public static async Task<Session?> UseAsync(NpgsqlConnection connection, string secret, Instant now, CancellationToken ct)
    {
        var session = (
            await connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(ByHash, new { hash = Secret.Hash(secret), now }, cancellationToken: ct)
            )
        )?.Read();
        if (session is not null && session.LastUsedAt <= now - Between)
        {
            var used = new
            {
                id = session.Id,
                now,
                expires = now + Life,
            };
            await connection.ExecuteAsync(new CommandDefinition(Used, used, cancellationToken: ct));
        }
        return session;
    }

    public static async Task<IReadOnlyList<Session>> OfAsync(NpgsqlConnection connection, Guid user, Instant now, CancellationToken ct) =>
        [
            .. (await connection.QueryAsync<Row>(new CommandDefinition(OfUser, new { user, now }, cancellationToken: ct))).Select(row =>
                row.Read()
            ),
        ];

    public static async Task<IReadOnlyList<Session>> AllAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(All, new { now }, cancellationToken: ct))).Select(row => row.Read())];

    /// <summary>Ends one of somebody's sessions; false where they have none such.</summary>
    public static async Task<bool> EndAsync(NpgsqlConnection connection, long id, Guid user, CancellationToken ct) =>
        await connection.ExecuteAsync(new CommandDefinition(End, new { id, user }, cancellationToken: ct)) == 1;

    /// <summary>Ends the session of a cookie's secret, if it is one.</summary>
    public static Task EndAsync(NpgsqlConnection connection, string secret, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(EndByHash, new { hash = Secret.Hash(secret) }, cancellationToken: ct));

    /// <summary>Ends all of somebody's sessions but one.</summary>
    public static Task<int> EndOthersAsync(NpgsqlConnection connection, Guid user, long kept, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(EndOthers, new { user, kept }, cancellationToken: ct));

    public static Task<int> EndAllAsync(NpgsqlConnection connection, Guid user, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(EndAll, new { user }, cancellationToken: ct));

    private sealed record Row(
        long Id,
        Guid UserId,
        string Analyst,
        string Role,
        string Zone,
        string Browser,
        Instant CreatedAt,
        Instant LastUsedAt,
        Instant ExpiresAt
    )
    {
        public Session Read() => new(Id, UserId, Analyst, LedgerJson.ReadEnum<Role>(Role), Zone, Browser, CreatedAt, LastUsedAt, ExpiresAt);
    }
}
