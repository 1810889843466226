using System.CommandLine.Completions;
using MilestoneWatch.Hosting;
using MilestoneWatch.Hosting.Embedded;
using MilestoneWatch.Record;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>The milestones' slugs for a shell that completes one: quick, and silent when they cannot be had. Starts no database.</summary>
internal static class KnownSlugs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Patience);
            // whoever types waits no longer, whatever a driver or a name server still does
            var read = Task.Run(() => ReadAsync(deadline.Token), deadline.Token);
            return read.WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult().Select(slug => new CompletionItem(slug));
        }
#pragma warning disable CA1031 // a shell's prompt is no place for any error
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(CancellationToken ct)
    {
        var settings = Settings.Load();
        if (settings.ConnectionString is not { } connectionString)
        {
            connectionString = await EmbeddedPostgres.FindRunningAsync(settings.Home, ct);
        }
        if (connectionString is null)
        {
            return [];
        }
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 3,
            CommandTimeout = 3,
        };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(ct);
        return await LedgerReader.SlugsAsync(connection, ct);
    }
}
