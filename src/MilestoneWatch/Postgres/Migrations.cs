using System.Globalization;
using System.Reflection;
using Dapper;
using EvolveDb;
using EvolveDb.Configuration;
using Npgsql;

namespace MilestoneWatch.Postgres;

/// <summary>Brings the schema up to date from the SQL files embedded in the executable. Safe twice, and from two places at once.</summary>
internal static class Migrations
{
    private const string Table = "schema_changelog";

    /// <summary>How many migrations were applied; 0 when the schema was up to date.</summary>
    public static async Task<int> ApplyAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        var evolve = new Evolve(connection, _ => { })
        {
            EmbeddedResourceAssemblies = [typeof(Migrations).Assembly],
            EmbeddedResourceFilters = ["sql."],
            MetadataTableName = Table,
            EnableClusterMode = true,
            TransactionMode = TransactionKind.CommitAll,
            IsEraseDisabled = true,
        };
        evolve.Migrate();
        return evolve.NbMigration;
    }

    /// <summary>The versions that the executable has and the database lacks, or null when the database was never migrated.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Exists = "select to_regclass('public.schema_changelog') is not null";
        const string Applied = "select version from schema_changelog where success";
        var known = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceNames()
            .Where(name => name.StartsWith("sql.V", StringComparison.Ordinal))
            .Select(name => name["sql.V".Length..name.IndexOf("__", StringComparison.Ordinal)])
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(Exists, cancellationToken: ct)))
        {
            return known;
        }
        var applied = await connection.QueryAsync<string>(new CommandDefinition(Applied, cancellationToken: ct));
        var done = applied.Select(Number).ToHashSet();
        return [.. known.Where(version => !done.Contains(Number(version)))];
    }

    private static int Number(string version) => int.Parse(version, CultureInfo.InvariantCulture);
}
