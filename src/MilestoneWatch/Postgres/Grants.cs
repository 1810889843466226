using Dapper;
using Npgsql;

namespace MilestoneWatch.Postgres;

/// <summary>What the application's own login may do, where it is another than the owner's: of the ledger, read and insert only.</summary>
internal static class Grants
{
    public static async Task ApplyAsync(string ownerConnection, string applicationConnection, CancellationToken ct)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnection);
        var application = new NpgsqlConnectionStringBuilder(applicationConnection);
        if (application.Username is not { Length: > 0 } login || login == owner.Username)
        {
            return;
        }
        await using var connection = new NpgsqlConnection(ownerConnection);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            new CommandDefinition("select pg_advisory_xact_lock(1297564677)", transaction: transaction, cancellationToken: ct)
        );
        var exists = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select exists (select from pg_roles where rolname = @login)",
                new { login },
                transaction,
                cancellationToken: ct
            )
        );
        var name = await QuotedAsync("%I", login);
        // a password that was changed in the configuration is the login's from now on
        await RunAsync($"{(exists ? "alter" : "create")} role {name} login password {await QuotedAsync("%L", application.Password ?? "")}");
        await RunAsync(
            $"""
            grant usage on schema public to {name};
            grant select, insert, update, delete on all tables in schema public to {name};
            revoke update, delete, truncate on entries, evidence, looks, forecasts, forecast_points from {name};
            revoke insert, update, delete on schema_changelog from {name};
            grant usage on all sequences in schema public to {name};
            grant execute on function redact_entry(bigint) to {name};
            """
        );
        await transaction.CommitAsync(ct);

        Task<int> RunAsync(string sql) =>
            connection.ExecuteAsync(new CommandDefinition(sql, transaction: transaction, cancellationToken: ct));

        async Task<string> QuotedAsync(string format, string value) =>
            await connection.ExecuteScalarAsync<string>(
                new CommandDefinition("select format(@format, @value)", new { format, value }, transaction, cancellationToken: ct)
            ) ?? throw new InvalidOperationException("format() gave nothing");
    }
}
