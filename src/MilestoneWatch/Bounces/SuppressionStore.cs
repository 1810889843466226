using Dapper;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Bounces;

/// <summary>Who is not written to. Rows are never deleted but with their reader: who is written to again keeps them as their story.</summary>
internal static class SuppressionStore
{
    private const string Columns = "id, address, reason, evidence, suppressed_at, lifted_at, lifted_because";

    private const string Standing = $"select {Columns} from suppressions where email_key = @key and lifted_at is null";

    private const string Story = $"select {Columns} from suppressions where email_key = @key order by suppressed_at, id";

    private const string All = $"select {Columns} from suppressions where @all or lifted_at is null order by suppressed_at desc, id desc";

    private const string OfReaders = """
        select s.id, x.reason from subscribers s join suppressions x on x.email_key = s.email_key and x.lifted_at is null
        where s.id = any(@ids)
        """;

    private const string Insert = """
        insert into suppressions (email_key, address, reason, evidence, suppressed_at) values (@key, @address, @reason, @evidence, @now)
        on conflict (email_key) where lifted_at is null do nothing
        """;

    private const string MarkLifted = """
        update suppressions set lifted_at = @now, lifted_because = @because where email_key = @key and lifted_at is null
        """;

    private const string ReaderOf = "select id from subscribers where email_key = @key for update";

    private const string LastLifted = "select max(lifted_at) from suppressions where email_key = @key";

    public static Task<Suppression?> StandingAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(Standing, new { key }, cancellationToken: ct));

    /// <summary>All of one address, oldest first.</summary>
    public static async Task<IReadOnlyList<Suppression>> StoryAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        [.. await connection.QueryAsync<Suppression>(new CommandDefinition(Story, new { key }, cancellationToken: ct))];

    /// <summary>Those that stand, newest first; with <paramref name="all"/> the lifted ones too.</summary>
    public static async Task<IReadOnlyList<Suppression>> ListAsync(NpgsqlConnection connection, bool all, CancellationToken ct) =>
        [.. await connection.QueryAsync<Suppression>(new CommandDefinition(All, new { all }, cancellationToken: ct))];

    /// <summary>Which of these readers are not written to, and for which reason.</summary>
    public static async Task<IReadOnlyDictionary<long, string>> OfReadersAsync(
        NpgsqlConnection connection,
        long[] ids,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<(long Id, string Reason)>(new CommandDefinition(OfReaders, new { ids }, cancellationToken: ct))
        ).ToDictionary(row => row.Id, row => row.Reason);

    /// <summary>When mail to an address was last allowed again; null if it never was forbidden.</summary>
    public static Task<Instant?> LastLiftedAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        connection.ExecuteScalarAsync<Instant?>(new CommandDefinition(LastLifted, new { key }, cancellationToken: ct));

    /// <summary>
    /// No more mail to an address; what was written and not sent yet is taken back. In the caller's transaction. False where one stands
    /// already.
    /// </summary>
    public static async Task<bool> SuppressAsync(
        NpgsqlConnection connection,
        Mailbox mailbox,
        string reason,
        string evidence,
        Instant now,
        CancellationToken ct
    )
    {
        var row = new
        {
            key = mailbox.Key,
            address = mailbox.Address,
            reason,
            evidence,
            now,
        };
        if (await connection.ExecuteAsync(new CommandDefinition(Insert, row, cancellationToken: ct)) == 0)
        {
            return false;
        }
        if (await ReaderAsync(connection, mailbox, ct) is { } reader)
        {
            await Preferences.TakeBackAsync(connection, reader, ct);
        }
        return true;
    }

    /// <summary>Mail again: a reader's next one comes at their next due time, and tells everything since. False where none stood.</summary>
    public static async Task<bool> LiftAsync(
        NpgsqlConnection connection,
        Mailbox mailbox,
        string because,
        Instant now,
        CancellationToken ct
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var row = new
        {
            key = mailbox.Key,
            because,
            now,
        };
        if (await connection.ExecuteAsync(new CommandDefinition(MarkLifted, row, cancellationToken: ct)) == 0)
        {
            return false;
        }
        if (await ReaderAsync(connection, mailbox, ct) is { } reader)
        {
            await Preferences.DueAgainAsync(connection, reader, now, ct);
        }
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>
    /// A relay refused a recipient: if it says that there is no such address, the address is suppressed with the reply as evidence. In the
    /// caller's transaction. Returns whether it was.
    /// </summary>
    public static async Task<bool> FromReplyAsync(
        NpgsqlConnection connection,
        string address,
        int code,
        string reply,
        Instant now,
        CancellationToken ct
    ) =>
        Refusal.IsNoSuchAddress(code, reply)
        && Mailbox.TryRead(address, out var mailbox)
        && await SuppressAsync(connection, mailbox, Suppression.Hard, Refusal.OneLine(reply) ?? "refused", now, ct);

    private static Task<long?> ReaderAsync(NpgsqlConnection connection, Mailbox mailbox, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long?>(new CommandDefinition(ReaderOf, new { key = mailbox.Key }, cancellationToken: ct));
}
