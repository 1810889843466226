using Dapper;
using MilestoneWatch.Access;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Checks;

/// <summary>Who records, and where they are nudged.</summary>
internal static class AnalystStore
{
    private const string Columns = "id, name, email, role, zone, link_generation, next_nudge_at";

    private const string All = $"select {Columns} from users order by name";

    private const string One = $"select {Columns} from users where id = @id";

    private const string Due = $"""
        select {Columns} from users where next_nudge_at <= @now order by next_nudge_at limit @batch for no key update skip locked
        """;

    private const string Put = $"""
        insert into users (name, email, zone, role, created_at)
        values (@name, @email, coalesce(@zone, 'UTC'), coalesce(@role, 'analyst'), @now)
        on conflict (name) do update
        set email = excluded.email, zone = coalesce(@zone, users.zone), role = coalesce(@role, users.role),
            link_generation = users.link_generation + 1
        returning {Columns}
        """;

    private const string Next = "update users set next_nudge_at = @next where id = @id";

    public static async Task<IReadOnlyList<Analyst>> AllAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<Analyst>(new CommandDefinition(All, cancellationToken: ct))];

    public static Task<Analyst?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<Analyst>(new CommandDefinition(One, new { id }, cancellationToken: ct));

    /// <summary>Those whose nudge is due, locked until the transaction ends; what another pass holds is passed over.</summary>
    public static async Task<IReadOnlyList<Analyst>> ClaimDueAsync(
        NpgsqlConnection connection,
        Instant now,
        int batch,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<Analyst>(new CommandDefinition(Due, new { now, batch }, cancellationToken: ct))];

    /// <summary>Names an analyst, or changes an address, and what else is given; nudges sent before are void from then on.</summary>
    public static async Task<Analyst> PutAsync(
        NpgsqlConnection connection,
        string name,
        string? email,
        string? zone,
        Role? role,
        Instant now,
        CancellationToken ct
    )
    {
        var row = new
        {
            name,
            email,
            zone,
            role = role is { } given ? LedgerJson.WriteEnum(given) : null,
            now,
        };
        var analyst = await connection.QuerySingleAsync<Analyst>(new CommandDefinition(Put, row, cancellationToken: ct));
        analyst = analyst with { NextNudgeAt = email is null ? null : analyst.Schedule.NextAfter(now) };
        await NextAsync(connection, analyst.Id, analyst.NextNudgeAt, ct);
        return analyst;
    }

    public static Task NextAsync(NpgsqlConnection connection, Guid id, Instant? next, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Next, new { id, next }, cancellationToken: ct));
}
