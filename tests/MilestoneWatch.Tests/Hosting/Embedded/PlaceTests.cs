using System.Runtime.Versioning;
using MilestoneWatch.Hosting.Embedded;
using static MilestoneWatch.Tests.Hosting.Embedded.TestHome;

namespace MilestoneWatch.Tests.Hosting.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class PlaceTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_home_below_a_file_is_refused_by_name()
    {
        var file = Path.Combine(_home.Root, "file");
        await File.WriteAllTextAsync(file, "", Ct);
        _home.Home = Path.Combine(file, "home");
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
        Assert.Contains(_home.Home, refused.Message, StringComparison.Ordinal);
        Assert.Contains("MW_Home", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_home_is_refused_by_name()
    {
        Directory.CreateDirectory(_home.Home);
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", "ro", "none", _home.Home);
        Assert.SkipWhen(mounted.ExitCode != 0, "mounting needs root");
        try
        {
            var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
            Assert.Contains(_home.Home, refused.Message, StringComparison.Ordinal);
            Assert.Contains("MW_Home", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("umount", _home.Home);
        }
    }

    [Fact]
    public async Task A_folder_of_someone_elses_files_is_not_taken_for_a_cluster()
    {
        Directory.CreateDirectory(_home.Data);
        await File.WriteAllTextAsync(Path.Combine(_home.Data, "thesis.txt"), "", Ct);
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_home.Data, "thesis.txt")));
    }

    [Fact]
    public async Task Spaces_quotes_and_accents_in_the_path_are_fine()
    {
        _home.Home = Path.Combine(_home.Root, "l'été & co; (1)");
        await using var postgres = await _home.StartAsync();
        Assert.Equal(1, await AskAsync(postgres, "select 1"));
    }

    [Fact]
    public async Task A_path_that_postgres_tools_would_misread_is_refused()
    {
        _home.Home = Path.Combine(_home.Root, "a$HOME");
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(_home.StartAsync);
        Assert.Contains("MW_Home", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_that_the_unprivileged_user_cannot_enter_keeps_its_data_elsewhere_and_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only as root");
        var closed = Directory.CreateDirectory(Path.Combine(_home.Root, "closed"));
        File.SetUnixFileMode(closed.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _home.Home = Path.Combine(closed.FullName, "home");
        var place = await ClusterPlace.ChooseAsync(_home.Home, Ct);
        try
        {
            await using (var first = await _home.StartAsync())
            {
                Assert.Contains(_home.Said, line => line.Contains(place.Folder, StringComparison.Ordinal));
                Assert.StartsWith("/var/lib/milestonewatch/", place.Folder, StringComparison.Ordinal);
                await AskAsync(first, "create table kept as select 'promise' as word");
            }
            // opened meanwhile: the data is still found where it was put
            Opened(closed.FullName);
            await using var second = await _home.StartAsync();
            Assert.Equal("promise", await AskAsync(second, "select word from kept"));
        }
        finally
        {
            Directory.Delete(place.Folder, recursive: true);
        }
    }

    [Fact]
    public async Task As_root_the_server_runs_as_someone_else()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only as root");
        await using var postgres = await _home.StartAsync();
        var owner = await RunAsync("stat", "-c", "%u", $"/proc/{_home.Server!.ProcessId}");
        Assert.False(owner.Output is "0");
    }

    [Fact]
    public async Task As_root_a_cluster_that_a_user_made_runs_as_that_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only as root");
        await (await _home.StartAsync()).DisposeAsync();
        await RunAsync("chown", "-R", "nobody", _home.Data);
        await using var postgres = await _home.StartAsync();
        var owner = await RunAsync("stat", "-c", "%U", $"/proc/{_home.Server!.ProcessId}");
        Assert.Equal("nobody", owner.Output);
    }
}
