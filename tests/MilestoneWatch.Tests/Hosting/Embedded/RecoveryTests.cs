using System.Diagnostics;
using System.Globalization;
using MilestoneWatch.Hosting.Embedded;
using static MilestoneWatch.Tests.Hosting.Embedded.TestHome;

namespace MilestoneWatch.Tests.Hosting.Embedded;

public sealed class RecoveryTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task After_a_killed_server_the_data_is_there_on_the_same_port()
    {
        await using var first = await _home.StartAsync();
        await AskAsync(first, "create table kept as select 'promise' as word");
        await KillAsync(_home.Server!.ProcessId);
        await using var second = await _home.StartAsync();
        Assert.Equal("promise", await AskAsync(second, "select word from kept"));
        Assert.Equal("promise", await AskAsync(first, "select word from kept"));
    }

    [Fact]
    public async Task A_server_left_by_a_killed_process_is_taken_over_and_stopped()
    {
        var first = await _home.StartAsync();
        await AskAsync(first, "create table kept as select 'promise' as word");
        // as the kernel does for a killed process: the lock goes, the server stays
        first.Abandon();
        var left = _home.Server!.ProcessId;
        await using (var second = await _home.StartAsync())
        {
            Assert.Equal(left, _home.Server!.ProcessId);
            Assert.Equal("promise", await AskAsync(second, "select word from kept"));
        }
        Assert.Null(_home.Server);
    }

    [Fact]
    public async Task A_stale_pid_file_whose_number_went_to_a_stranger_is_no_obstacle()
    {
        await (await _home.StartAsync()).DisposeAsync();
        var own = await RunAsync("stat", "-c", "%u:%g", _home.Data);
        var stranger = new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false };
        if (Environment.IsPrivilegedProcess)
        {
            // of the same user as the server: PostgreSQL by itself would take it for another server and refuse
            var ids = own.Output.Split(':');
            stranger = new ProcessStartInfo("setpriv", [$"--reuid={ids[0]}", $"--regid={ids[1]}", "--clear-groups", "sleep", "60"])
            {
                UseShellExecute = false,
            };
        }
        using var sleeping = Process.Start(stranger)!;
        await File.WriteAllLinesAsync(
            Postmaster.FileIn(_home.Data),
            [sleeping.Id.ToString(CultureInfo.InvariantCulture), _home.Data, "1", "1", "", "127.0.0.1", "", "ready"],
            Ct
        );
        try
        {
            await using var postgres = await _home.StartAsync();
            Assert.Equal(1, await AskAsync(postgres, "select 1"));
            Assert.False(sleeping.HasExited);
        }
        finally
        {
            sleeping.Kill();
        }
    }

    [Fact]
    public async Task An_interrupted_first_start_is_cleared_away()
    {
        var halfMade = Path.Combine(_home.Home, "postgres.init-dead");
        Directory.CreateDirectory(Path.Combine(halfMade, "data"));
        await File.WriteAllTextAsync(Path.Combine(halfMade, "data", "PG_VERSION"), "15", Ct);
        await using var postgres = await _home.StartAsync();
        Assert.Equal(1, await AskAsync(postgres, "select 1"));
        Assert.Empty(Directory.GetDirectories(_home.Home, "postgres.init-*"));
    }

    [Fact]
    public async Task A_first_start_cut_off_before_the_database_was_made_is_completed()
    {
        await using (var first = await _home.StartAsync())
        {
            await DropDatabaseAsync(first);
        }
        await using var second = await _home.StartAsync();
        Assert.Equal("milestonewatch", await AskAsync(second, "select current_database()"));
    }

    [Fact]
    public async Task A_start_that_fails_shows_the_end_of_the_log()
    {
        await (await _home.StartAsync()).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(_home.Data, "postgresql.conf"), "work_mem = 'plenty'\n", Ct);
        var failed = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
        Assert.Contains("did not start", failed.Message, StringComparison.Ordinal);
        Assert.Contains("invalid value for parameter \"work_mem\"", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_password_is_named()
    {
        await (await _home.StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(_home.Home, "postgres.password"));
        var failed = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
        Assert.Contains("postgres.password", failed.Message, StringComparison.Ordinal);
        Assert.Null(_home.Server);
    }

    private static async Task KillAsync(int processId)
    {
        using var server = Process.GetProcessById(processId);
        server.Kill();
        await server.WaitForExitAsync(Ct);
    }

    private static async Task DropDatabaseAsync(EmbeddedPostgres postgres)
    {
        var other = new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new Npgsql.NpgsqlConnection(other.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new Npgsql.NpgsqlCommand("drop database milestonewatch", connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
