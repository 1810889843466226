using MilestoneWatch.Hosting.Embedded;
using Npgsql;

namespace MilestoneWatch.Tests.Hosting.Embedded;

/// <summary>A home of its own for one test. What a failed test leaves running is killed with it.</summary>
internal sealed class TestHome : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mw-embedded-").FullName;

    public TestHome()
    {
        Opened(_root);
        Home = Path.Combine(_root, "home");
    }

    public string Home { get; set; }
    public string Root => _root;
    public string Data => Path.Combine(Home, "postgres");
    public List<string> Said { get; } = [];

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(Home, Said.Add, Ct);

    public Task<EmbeddedPostgres> StartAsync(PostgresSources sources) => EmbeddedPostgres.StartAsync(Home, sources, Said.Add, Ct);

    public Postmaster? Server => Postmaster.Read(Data) is { } server && server.IsRunning() ? server : null;

    public static async Task<object?> AskAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    /// <summary>Open to the user that runs PostgreSQL when the tests run as root.</summary>
    public static void Opened(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }
    }

    public static async Task<Command> RunAsync(string file, params string[] arguments) => await Command.RunAsync(file, arguments, Ct);

    public void Dispose()
    {
        if (Server is { } left)
        {
            using var process = System.Diagnostics.Process.GetProcessById(left.ProcessId);
            process.Kill();
            process.WaitForExit();
        }
        Directory.Delete(_root, recursive: true);
    }
}
