using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Tests.Postgres;

public sealed partial class QueriesTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Every_query_in_the_executable_prepares_against_the_migrated_schema()
    {
        var queries = Queries().ToList();
        var (owner, _) = await cluster.CloneAsync();
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync(CancellationToken.None);
        var bad = new List<string>();
        foreach (var (name, sql) in queries)
        {
            try
            {
                await connection.ExecuteAsync($"prepare q as {Numbered(sql)}");
                await connection.ExecuteAsync("deallocate q");
            }
            catch (PostgresException e)
            {
                bad.Add($"{name}: {e.MessageText}");
            }
        }

        Assert.Empty(bad);
        Assert.True(queries.Count >= 60, $"only {queries.Count} were found");
    }

    [Fact]
    public async Task A_query_that_names_a_column_that_is_not_there_would_be_found()
    {
        var (owner, _) = await cluster.CloneAsync();
        await using var connection = new NpgsqlConnection(owner);
        var bad = Numbered("select slugg from milestones where id = @id");

        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync($"prepare q as {bad}"));
    }

    private static IEnumerable<(string Name, string Sql)> Queries() =>
        from type in typeof(Migrations).Assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.FieldType == typeof(string)
        let value = (string)field.GetRawConstantValue()!
        where Query.IsMatch(value)
        select ($"{type.Name}.{field.Name}", value);

    /// <summary>A query's named parameters as Postgres numbers them.</summary>
    internal static string Numbered(string sql)
    {
        var names = new List<string>();
        return Parameter.Replace(
            sql,
            match =>
            {
                if (!names.Contains(match.Value))
                {
                    names.Add(match.Value);
                }
                return $"${names.IndexOf(match.Value) + 1}";
            }
        );
    }

    [GeneratedRegex(@"^\s*(select|insert|update|delete|with)\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Query { get; }

    [GeneratedRegex(@"(?<![@\w])@\w+")]
    private static partial Regex Parameter { get; }
}
