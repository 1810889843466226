using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using MilestoneWatch.Hosting.Embedded;
using MysticMind.PostgresEmbed;
using static MilestoneWatch.Tests.Hosting.Embedded.TestHome;

namespace MilestoneWatch.Tests.Hosting.Embedded;

public sealed class PostgresBinariesTests : IDisposable
{
    private const string Nowhere = "http://127.0.0.1:9";
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task With_no_binaries_and_no_download_the_message_names_three_ways_out()
    {
        var failed = await Assert.ThrowsAsync<EmbeddedPostgresException>(() =>
            _home.StartAsync(new PostgresSources([_home.Root], Nowhere))
        );
        Assert.Contains("package manager", failed.Message, StringComparison.Ordinal);
        Assert.Contains("HTTPS_PROXY", failed.Message, StringComparison.Ordinal);
        Assert.Contains("MW_ConnectionStrings__MilestoneWatch", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_major_version_that_is_gone_is_left_alone_and_named()
    {
        Directory.CreateDirectory(_home.Data);
        await File.WriteAllTextAsync(Path.Combine(_home.Data, "PG_VERSION"), "14\n", Ct);
        var sources = PostgresSources.FromEnvironment() with { Repository = Nowhere };
        var failed = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => _home.StartAsync(sources));
        Assert.Contains("written by PostgreSQL 14", failed.Message, StringComparison.Ordinal);
        Assert.Contains("there is", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binaries_are_fetched_from_an_archive_where_the_machine_has_none()
    {
        var version = await PackMachinesOwnAsync();
        PostgresSources sources;
        await using (var repository = await ServeAsync())
        {
            sources = new PostgresSources([], repository.Urls.Single(), version.Split('.')[0]);
            await using var postgres = await _home.StartAsync(sources);
            Assert.Equal(1, await AskAsync(postgres, "select 1"));
            var running = await RunAsync("readlink", $"/proc/{_home.Server!.ProcessId}/exe");
            Assert.StartsWith(_home.Home, running.Output, StringComparison.Ordinal);
        }
        // the next start needs no network
        await using var again = await _home.StartAsync(sources);
        Assert.Equal(1, await AskAsync(again, "select 1"));
    }

    private string Repository => Path.Combine(_home.Root, "repository");

    /// <summary>A repository of one version: the machine's own installation, packed the way the fetcher expects it.</summary>
    private async Task<string> PackMachinesOwnAsync()
    {
        var initdb = PostgresSources.FromEnvironment().Folders.Select(f => Path.Combine(f, "initdb")).First(File.Exists);
        var folder = Path.GetDirectoryName((await RunAsync("realpath", initdb)).Output)!;
        var installed = Path.GetDirectoryName(folder)!;
        Assert.SkipWhen(installed is "/usr" or "/usr/local", "PostgreSQL's files are not in a folder of their own");
        var version = (await RunAsync(Path.Combine(folder, "postgres"), "--version")).Output.Split(' ')[2] + ".0";
        var name = $"embedded-postgres-binaries-{PgPlatform.Detect().ArtifactName}";
        var artifact = Path.Combine(Repository, "io/zonky/test/postgres", name);
        var released = Directory.CreateDirectory(Path.Combine(artifact, version)).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(artifact, "maven-metadata.xml"),
            $"<metadata><versioning><versions><version>{version}</version></versions></versioning></metadata>",
            Ct
        );
        var parts = ((string[])["bin", "lib", "share"]).Where(p => Directory.Exists(Path.Combine(installed, p)));
        var archive = Path.Combine(_home.Root, "postgres.txz");
        string[] packing = ["-C", installed, "-I", "xz -0", "--exclude=bitcode", "-cf", archive];
        var packed = await RunAsync("tar", [.. packing, .. parts]);
        Assert.Equal(0, packed.ExitCode);
        var jar = Path.Combine(released, $"{name}-{version}.jar");
        await using (var zip = await ZipFile.OpenAsync(jar, ZipArchiveMode.Create, Ct))
        {
            await zip.CreateEntryFromFileAsync(archive, "postgres.txz", Ct);
        }
        var sum = SHA256.HashData(await File.ReadAllBytesAsync(jar, Ct));
        await File.WriteAllTextAsync(jar + ".sha256", Convert.ToHexStringLower(sum), Ct);
        return version;
    }

    private async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var repository = builder.Build();
        repository.UseStaticFiles(
            new StaticFileOptions { FileProvider = new PhysicalFileProvider(Repository), ServeUnknownFileTypes = true }
        );
        await repository.StartAsync(Ct);
        return repository;
    }
}
