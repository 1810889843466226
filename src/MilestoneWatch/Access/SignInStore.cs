using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>Who asked for a link to sign in, and the links: hashed, used once, and forgotten with the mail that carried them.</summary>
internal static class SignInStore
{
    private const string Insert = """
        insert into sign_in_requests (email, browser, to_path, asked_at) values (@email, @browser, @to, @now)
        """;

    private const string Claim = """
        select id, email, browser, to_path, asked_at from sign_in_requests order by id limit 1 for update skip locked
        """;

    private const string Delete = "delete from sign_in_requests where id = @id";

    private const string AddToken = """
        insert into tokens (hash, purpose, user_id, browser, to_path, created_at, expires_at)
        values (@hash, 'sign_in', @user, @browser, @to, @now, @expires)
        """;

    private const string ByHash = """
        select u.name as analyst, t.browser, t.to_path from tokens t join users u on u.id = t.user_id
        where t.hash = @hash and t.purpose = 'sign_in' and t.used_at is null and t.expires_at > @now
        """;

    private const string Redeem = """
        update tokens set used_at = @now
        where hash = @hash and purpose = 'sign_in' and used_at is null and expires_at > @now and (browser is null or browser = @browser)
        returning user_id, to_path, created_at
        """;

    private const string DropTokens = """
        with dropped as (delete from tokens where purpose = 'sign_in' and user_id = @user returning user_id, created_at)
        delete from audiences where id in (
            select d.audience_id from dropped s
            join deliveries d on d.recipient = 'user:' || s.user_id and d.due_slot = s.created_at and d.purpose = 'sign_in')
        """;

    private const string ForgetLetter = """
        delete from audiences where id in (
            select audience_id from deliveries
            where recipient = 'user:' || @user::uuid and due_slot = @createdAt and purpose = 'sign_in')
        """;

    private const string Clean = """
        with spent as (delete from tokens where purpose = 'sign_in' and expires_at <= @now returning user_id, created_at)
        delete from audiences where id in (
            select d.audience_id from spent s
            join deliveries d on d.recipient = 'user:' || s.user_id and d.due_slot = s.created_at and d.purpose = 'sign_in')
        """;

    public static Task AddAsync(NpgsqlConnection connection, string email, byte[] browser, string? to, Instant now, CancellationToken ct)
    {
        var row = new
        {
            email,
            browser,
            to,
            now,
        };
        return connection.ExecuteAsync(new CommandDefinition(Insert, row, cancellationToken: ct));
    }

    /// <summary>Locks one that waits until the transaction ends; null when none does.</summary>
    public static Task<SignInRequest?> ClaimAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<SignInRequest>(new CommandDefinition(Claim, cancellationToken: ct));

    public static Task DeleteAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Delete, new { id }, cancellationToken: ct));

    /// <summary>The secret of a new link.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="user">Whom it signs in.</param>
    /// <param name="browser">The hash of the secret of the browser that it works in; null for any.</param>
    /// <param name="to">The page to go on to.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="expires">From when on it opens nothing.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<string> AddTokenAsync(
        NpgsqlConnection connection,
        Guid user,
        byte[]? browser,
        string? to,
        Instant now,
        Instant expires,
        CancellationToken ct
    )
    {
        var secret = Secret.New();
        var row = new
        {
            hash = Secret.Hash(secret),
            user,
            browser,
            to,
            now,
            expires,
        };
        await connection.ExecuteAsync(new CommandDefinition(AddToken, row, cancellationToken: ct));
        return secret;
    }

    /// <summary>What a link would open, in any browser; null for one that is unknown, used or expired. Changes nothing.</summary>
    public static Task<SignInLink?> FindAsync(NpgsqlConnection connection, byte[] hash, Instant now, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<SignInLink>(new CommandDefinition(ByHash, new { hash, now }, cancellationToken: ct));

    /// <summary>
    /// Uses a link, which never works again, and forgets the mail that carried it: whom it signs in, and where they go on. Null for one
    /// that is unknown, used, expired, or another browser's. In the transaction that begins the session.
    /// </summary>
    public static async Task<(Guid User, string? ToPath)?> RedeemAsync(
        NpgsqlConnection connection,
        byte[] hash,
        byte[]? browser,
        Instant now,
        CancellationToken ct
    )
    {
        var wanted = new
        {
            hash,
            browser,
            now,
        };
        var redeemed = await connection.QuerySingleOrDefaultAsync<Redeemed>(new CommandDefinition(Redeem, wanted, cancellationToken: ct));
        if (redeemed is null)
        {
            return null;
        }
        var letter = new { user = redeemed.UserId, createdAt = redeemed.CreatedAt };
        await connection.ExecuteAsync(new CommandDefinition(ForgetLetter, letter, cancellationToken: ct));
        return (redeemed.UserId, redeemed.ToPath);
    }

    /// <summary>Somebody's links work no more.</summary>
    public static Task DropTokensAsync(NpgsqlConnection connection, Guid user, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(DropTokens, new { user }, cancellationToken: ct));

    /// <summary>Forgets links that have expired, and what the mails said that carried them.</summary>
    public static Task CleanAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Clean, new { now }, cancellationToken: ct));

    private sealed record Redeemed(Guid UserId, string? ToPath, Instant CreatedAt);
}
