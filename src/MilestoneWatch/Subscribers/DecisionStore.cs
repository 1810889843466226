using Dapper;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>Every due digest and what came of it, kept 25 months.</summary>
internal static class DecisionStore
{
    private const string Of = """
        select d.due_slot, d.outcome, d.from_position, d.to_position, d.digest_number, a.subject_line, v.state as delivery_state, v.last_reply
        from decisions d
        left join audiences a on a.id = d.audience_id
        left join deliveries v on v.recipient = 'subscriber:' || d.subscriber_id and v.due_slot = d.due_slot
            and v.key = 'digest:' || d.digest_number
        where d.subscriber_id = @subscriberId order by d.due_slot
        """;

    public static async Task<IReadOnlyList<Decision>> OfAsync(NpgsqlConnection connection, long subscriberId, CancellationToken ct) =>
        [.. await connection.QueryAsync<Decision>(new CommandDefinition(Of, new { subscriberId }, cancellationToken: ct))];
}
