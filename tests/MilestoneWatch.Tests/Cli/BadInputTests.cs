using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MilestoneWatch.Tests.Cli;

/// <summary>Each mistake gets one clear message that names the thing and the way out, the right exit code, and changes nothing.</summary>
public sealed class BadInputTests(PostgresCluster cluster)
{
    [Fact]
    public async Task What_an_analyst_or_a_reader_may_get_wrong_is_refused_by_name()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "a@example.org", "--confirmed");
        await File.WriteAllTextAsync(
            Path.Combine(house.Folder, "bad.yaml"),
            "subject: {slug: acme, name: Acme}\nas_of: 2026-05-28\nmilestones:\n  - slug: site\n    kind: rocket\n",
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(house.Folder, "torn.yaml"),
            "subject: {slug: acme\n",
            TestContext.Current.CancellationToken
        );

        await house.RefusedAsync(1, ["Q5 2026", "did you mean"], "reschedule", "les-ulis-opening", "Q5 2026");
        await house.RefusedAsync(1, ["les-ulis", "did you mean \"les-ulis-opening\""], "milestone", "show", "les-ulis");
        await house.RefusedAsync(1, ["les-ulis-openin", "did you mean \"les-ulis-opening\""], "status", "les-ulis-openin", "delayed");
        await house.RefusedAsync(1, ["tomorrow", "2026-10-01"], "milestone", "list", "--as-of", "tomorrow");
        await house.RefusedAsync(1, ["yesterday", "2026-09-30"], "status", "les-ulis-opening", "delayed", "--on", "yesterday");
        await house.RefusedAsync(1, ["--note", "4,000"], "status", "les-ulis-opening", "delayed", "--note", new string('x', 4001));
        await house.RefusedAsync(1, ["--note", "control character"], "status", "les-ulis-opening", "delayed", "--note", "a\u0007b");
        await house.RefusedAsync(1, ["--note", "writing direction"], "status", "les-ulis-opening", "delayed", "--note", "a\u202eb");
        await house.RefusedAsync(1, ["999", "mw milestone history"], "retract", "999", "--reason", "x");
        await house.RefusedAsync(1, ["entry 1", "first promise"], "retract", "1", "--reason", "x");
        await house.RefusedAsync(1, ["Europe/Pari", "IANA"], "subscriber", "add", "b@example.org", "--zone", "Europe/Pari");
        await house.RefusedAsync(1, ["not an address", "name@example.org"], "subscriber", "add", "not an address");
        await house.RefusedAsync(1, ["someday", "mon"], "subscriber", "add", "b@example.org", "--day", "someday");
        await house.RefusedAsync(1, ["25:00", "08:00"], "subscriber", "add", "b@example.org", "--at", "25:00");
        await house.RefusedAsync(
            1,
            ["les-ulis-openin", "did you mean"],
            "subscriber",
            "add",
            "b@example.org",
            "--topics",
            "les-ulis-openin"
        );
        await house.RefusedAsync(1, ["--topics"], "subscriber", "add", "b@example.org", "--topics", ",");
        await house.RefusedAsync(1, ["A@Example.org", "already"], "subscriber", "add", "A@Example.org", "--confirmed");
        await house.RefusedAsync(1, ["nobody@example.org", "mw subscriber list"], "subscriber", "why", "nobody@example.org");
        await house.RefusedAsync(1, ["bad.yaml:5", "kind", "rocket"], "import", "bad.yaml");
        await house.RefusedAsync(1, ["torn.yaml:"], "import", "torn.yaml");
        await house.RefusedAsync(1, ["missing.yaml"], "import", "missing.yaml");
        await house.RefusedAsync(1, [house.Folder], "import", house.Folder);
        await house.RefusedAsync(1, ["wed", "role"], "serve", "--roles", "wed");
        await house.RefusedAsync(1, ["missing.txt"], "window", "parse", "--file", "missing.txt");

        // a clock far behind the ledger
        house.At("2026-06-03T07:00:00Z");
        await house.RefusedAsync(1, ["clock", "2026-06-03"], "status", "les-ulis-opening", "delayed");
    }

    [Fact]
    public async Task A_wrong_relay_keeps_mails_waiting_until_another_way_is_configured()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "a@example.org", "--zone", "Europe/Paris", "--confirmed");
        house.At("2026-06-05T10:00:00Z");
        await house.DoneAsync("reschedule", "les-ulis-opening", "Q4 2026");
        house.At("2026-06-08T06:00:00Z");
        house.Environment.Remove("MW_Mail__Pickup");
        house.Environment["MW_Smtp__Host"] = "127.0.0.1";
        house.Environment["MW_Smtp__Port"] = FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        house.Environment["MW_Smtp__Security"] = "none";

        var run = await house.RunAsync("run-once", "--until-idle");
        var deliver = await house.RunAsync("deliver");
        var doctor = await house.RunAsync("doctor");

        Assert.Equal((3, 3, 1), (run.Exit, deliver.Exit, doctor.Exit));
        Assert.Contains("127.0.0.1", run.Error, StringComparison.Ordinal);
        Assert.Contains("wait", run.Error, StringComparison.Ordinal);
        Assert.Contains("The relay takes none", doctor.Out, StringComparison.Ordinal);

        house.Environment["MW_Mail__Pickup"] = house.MailFolder;
        await house.DoneAsync("deliver");
        await house.DoneAsync("deliver");
        Assert.Single(house.MailsTo("a@example.org"));
        await house.DoneAsync("doctor");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_a_dependency_that_is_down()
    {
        var (owner, application) = await cluster.CloneAsync();
        using var house = CliHouse.Over(application);
        async Task DownAsync(int exit, string word, string connectionString, params string[] verbs)
        {
            house.Environment["MW_ConnectionStrings__MilestoneWatch"] = connectionString;
            foreach (var verb in verbs.Append("milestone list"))
            {
                var result = await house.RunAsync(verb.Split(' '));
                Assert.True(result.Exit == exit, $"{verb}: {result}");
                Assert.Contains(word, result.Error, StringComparison.Ordinal);
                Assert.Contains("MW_ConnectionStrings__MilestoneWatch", result.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("top-secret", result.Error, StringComparison.Ordinal);
            }
        }
        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var builder = new NpgsqlConnectionStringBuilder(application);
            change(builder);
            return builder.ConnectionString;
        }

        await DownAsync(3, "does not answer", With(b => (b.Host, b.Port) = ("127.0.0.1", FreePort())), "migrate", "doctor");
        await DownAsync(3, "password", With(b => b.Password = "top-secret"), "doctor");
        await DownAsync(3, "no_such_database", With(b => b.Database = "no_such_database"), "migrate");
        await DownAsync(2, "cannot be read", "Hots=db;Password=top-secret");
        await DownAsync(2, "cannot be read", "nonsense");
        Assert.NotEqual(owner, application);
    }

    [Fact]
    public async Task An_outdated_schema_is_refused_until_migrated_twice_or_from_two_places_at_once()
    {
        using var house = CliHouse.Over(await cluster.EmptyAsync());
        foreach (var verb in (string[])["serve", "milestone list", "doctor"])
        {
            var result = await house.RunAsync(verb.Split(' '));
            Assert.True(result.Exit == 1, result.ToString());
            Assert.Contains("mw migrate", result.Error, StringComparison.Ordinal);
        }

        var both = await Task.WhenAll(house.RunAsync("migrate"), house.RunAsync("migrate", "--json"));
        var again = await house.RunAsync("migrate");

        Assert.All(both.Append(again), result => Assert.True(result.Exit == 0, result.ToString()));
        await house.DoneAsync("milestone", "list");
    }

    [Fact]
    public async Task A_busy_port_is_named_with_the_way_out()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        house.Environment["MW_Urls"] = $"http://{taken.LocalEndpoint}";

        await house.RefusedAsync(1, [taken.LocalEndpoint.ToString()!, "MW_Urls"], "serve");
        house.Environment["MW_Urls"] = "5080";
        await house.RefusedAsync(2, ["MW_Urls", "\"5080\"", "http://127.0.0.1:5080"], "serve");
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_named_with_the_way_out()
    {
        using var house = CliHouse.Over("");
        house.Environment.Remove("MW_ConnectionStrings__MilestoneWatch");
        house.Environment.Remove("MW_Mail__Pickup");
        var file = Path.Combine(house.Folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        // /proc takes no folders, whoever asks
        foreach (var home in (string[])[Path.Combine(file, "home"), "/proc/milestonewatch"])
        {
            house.Environment["MW_Home"] = home;
            foreach (var verb in (string[])["demo", "milestone list"])
            {
                var result = await house.RunAsync(verb.Split(' '));
                Assert.True(result.Exit == 3, result.ToString());
                Assert.Contains(home, result.Error, StringComparison.Ordinal);
                Assert.Contains("MW_Home", result.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Production", "2026-06-03T08:00:00Z", 2)]
    [InlineData("Development", "2026-06-03T08:00:00Z", 0)]
    [InlineData("Test", "2026-06-03T08:00:00Z", 0)]
    [InlineData("Test", "noon", 2)]
    [InlineData("Test", "2026-06-03", 2)]
    public async Task A_fixed_clock_is_for_tests_only(string environment, string now, int exit)
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        house.Environment["MW_Environment"] = environment;
        house.At(now);

        var result = await house.RunAsync("milestone", "list");

        Assert.True(result.Exit == exit, result.ToString());
        Assert.Equal(exit == 2, result.Error.Contains("MW_NOW", StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
