using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MilestoneWatch.Hosting.Embedded;
using static MilestoneWatch.Tests.Hosting.Embedded.TestHome;

namespace MilestoneWatch.Tests.Hosting.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_empty_home_gets_a_server_that_answers()
    {
        await using var postgres = await _home.StartAsync();
        Assert.Equal("milestonewatch/milestonewatch", await AskAsync(postgres, "select current_user || '/' || current_database()"));
        Assert.Equal("UTF8", await AskAsync(postgres, "show server_encoding"));
        Assert.Equal("UTC", await AskAsync(postgres, "show timezone"));
        Assert.Equal("on", await AskAsync(postgres, "show fsync"));
        Assert.Equal("on", await AskAsync(postgres, "show synchronous_commit"));
        Assert.Equal("127.0.0.1", await AskAsync(postgres, "show listen_addresses"));
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var postgres = await _home.StartAsync();
        var wrong = new Npgsql.NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new Npgsql.NpgsqlConnection(wrong.ConnectionString);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => connection.OpenAsync(Ct));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task Only_its_owner_may_read_the_password()
    {
        await using var postgres = await _home.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_home.Home, "postgres.password")));
    }

    [Fact]
    public async Task Data_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await _home.StartAsync())
        {
            await AskAsync(first, "create table kept as select 'promise' as word");
        }
        Assert.Null(_home.Server);
        await using var second = await _home.StartAsync();
        Assert.Equal("promise", await AskAsync(second, "select word from kept"));
    }

    [Fact]
    public async Task The_last_to_leave_stops_it()
    {
        var first = await _home.StartAsync();
        var second = await _home.StartAsync();
        Assert.Equal(first.ConnectionString, second.ConnectionString);
        await first.DisposeAsync();
        Assert.Equal(1, await AskAsync(second, "select 1"));
        await second.DisposeAsync();
        Assert.Null(_home.Server);
    }

    [Fact]
    public async Task Another_process_that_uses_it_keeps_it_up()
    {
        var ours = await _home.StartAsync();
        var hold = new ProcessStartInfo("flock", ["-s", Path.Combine(_home.Home, "postgres.users"), "sh", "-c", "echo held; read end"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var other = Process.Start(hold)!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync(Ct));
        await ours.DisposeAsync();
        Assert.NotNull(_home.Server);
        other.StandardInput.Close();
        await other.WaitForExitAsync(Ct);
        await (await _home.StartAsync()).DisposeAsync();
        Assert.Null(_home.Server);
    }

    [Fact]
    public async Task Many_that_start_at_once_share_one_server()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _home.StartAsync()));
        Assert.Single(all.Select(p => p.ConnectionString).Distinct(StringComparer.Ordinal));
        await Task.WhenAll(all.Select(p => p.DisposeAsync().AsTask()));
        Assert.Null(_home.Server);
    }

    [Fact]
    public async Task The_server_is_in_a_session_of_its_own_and_holds_none_of_our_locks()
    {
        await using var postgres = await _home.StartAsync();
        var server = _home.Server!.ProcessId;
        var stat = await File.ReadAllTextAsync($"/proc/{server}/stat", Ct);
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal(server.ToString(CultureInfo.InvariantCulture), session);
        var open = Directory.GetFiles($"/proc/{server}/fd").Select(fd => File.ResolveLinkTarget(fd, false)?.FullName);
        Assert.DoesNotContain(open, path => path?.EndsWith("postgres.users", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(open, path => path?.EndsWith("postgres.gate", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_cancelled_start_leaves_nothing_that_the_next_one_trips_over()
    {
        using var soon = new CancellationTokenSource();
        // cancelled from inside: the first thing that it says is that it starts the server
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedPostgres.StartAsync(_home.Home, _ => soon.Cancel(), soon.Token)
        );
        await using var postgres = await _home.StartAsync();
        Assert.Equal(1, await AskAsync(postgres, "select 1"));
    }
}
