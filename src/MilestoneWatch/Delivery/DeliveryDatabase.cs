using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Connections for what the pump asks with each mail. A statement is planned once for each of them, since planning would take longer than all the
/// rest, and at a moment when a month's tables may be empty: so only plans are left that stay good when they are full, by key and in an index's order.
/// </summary>
internal static class DeliveryDatabase
{
    // one claims, one settles; as many again while lost ones are being given up
    private const int Connections = 4;

    private const string PlanOnce = """
        set plan_cache_mode = force_generic_plan;
        set jit = off;
        set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off;
        set enable_nestloop = off; set enable_mergejoin = off;
        """;

    public static NpgsqlDataSource Open(NpgsqlDataSourceBuilder builder)
    {
        builder.ConnectionStringBuilder.MaxPoolSize = Connections;
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(PlanOnce, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(PlanOnce, connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        );
        return builder.Build();
    }
}
