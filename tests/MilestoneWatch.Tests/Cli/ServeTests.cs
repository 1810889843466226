using System.Net;
using System.Net.Sockets;

namespace MilestoneWatch.Tests.Cli;

/// <summary>The service as processes: roles apart, woken by what others record, stopped when told.</summary>
public sealed class ServeTests(PostgresCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_processes_share_the_roles_and_a_change_by_a_third_is_mailed_without_waiting_for_the_poll()
    {
        using var house = await OpenAsync();
        using var rest = house.Start("serve", "--roles", "checks,digests");
        await rest.PrintsAsync("Serving Checks, Digests");
        await Until.TrueAsync(
            () => house.ScalarAsync<long>("select count(*) from passes where name = 'digests'").Result == 1,
            "the first round of digests",
            Patience
        );
        await house.DoneAsync("reschedule", "les-ulis-opening", "Q4 2026");

        // no process delivers yet: the mail is written and waits
        await Until.TrueAsync(
            () => house.ScalarAsync<long>("select count(*) from deliveries where state = 'ready'").Result == 1,
            "the delivery, though digests are polled only once an hour",
            Patience
        );
        Assert.Empty(house.MailsTo("a@example.org"));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from passes where name = 'delivery'"));

        using var delivery = house.Start("serve", "--roles", "delivery");
        await Until.TrueAsync(() => house.MailsTo("a@example.org").Count == 1, "the mail", Patience);
        await house.DoneAsync("status", "les-ulis-opening", "delayed");
        await Until.TrueAsync(() => house.MailsTo("a@example.org").Count == 2, "the second mail", Patience);

        await house.DoneAsync("subscriber", "add", "new@example.org", "--confirmed");
        await Until.TrueAsync(() => house.MailsTo("new@example.org").Count == 1, "the welcome", Patience);

        await rest.SignalAsync("TERM");
        await delivery.SignalAsync("INT");
        Assert.Equal((0, 0), (await rest.ExitAsync(), await delivery.ExitAsync()));
        Assert.Equal(2, house.MailsTo("a@example.org").Count);
    }

    [Fact]
    public async Task The_service_stops_within_ten_seconds_of_being_told_and_the_doctor_then_complains()
    {
        using var house = await OpenAsync();
        house.Environment.Remove("MW_NOW");
        house.Environment["MW_Urls"] = $"http://127.0.0.1:{FreePort()}";
        using var serve = house.Start("serve");
        await serve.PrintsAsync("Serving All. The page: " + house.Environment["MW_Urls"]);
        using var http = new HttpClient();
        foreach (var (path, says) in new[] { ("live", "alive"), ("ready", "ready") })
        {
            var answer = await http.GetStringAsync(
                new Uri($"{house.Environment["MW_Urls"]}/health/{path}"),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(says, answer);
        }
        await Until.TrueAsync(() => house.ScalarAsync<long>("select count(*) from passes").Result == 3, "a beat of each pass", Patience);
        await house.DoneAsync("doctor");

        await serve.SignalAsync("TERM");
        var took = await Until.TrueAsync(() => serve.HasExited, "the end", TimeSpan.FromSeconds(10));
        Assert.Equal(0, await serve.ExitAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {took.TotalMilliseconds:0} ms");

        await using (var owner = new Npgsql.NpgsqlConnection(house.Owner))
        {
            await owner.OpenAsync(TestContext.Current.CancellationToken);
            await using var age = new Npgsql.NpgsqlCommand(
                "update passes set beat_at = beat_at - interval '4 hours' where name = 'checks'",
                owner
            );
            await age.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var doctor = await house.RunAsync("doctor");
        Assert.Equal(1, doctor.Exit);
        Assert.Contains("checks", doctor.Out, StringComparison.Ordinal);
        Assert.Contains("mw serve", doctor.Out, StringComparison.Ordinal);
    }

    /// <summary>An immediate reader, no quiet period, and passes that are polled once an hour.</summary>
    private async Task<CliHouse> OpenAsync()
    {
        var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "a@example.org", "--cadence", "immediate", "--confirmed", "--no-welcome");
        house.Environment["MW_Digests__QuietSeconds"] = "0";
        house.Environment["MW_Passes__CheckSeconds"] = "3600";
        house.Environment["MW_Passes__DigestSeconds"] = "3600";
        house.Environment["MW_Passes__DeliverySeconds"] = "3600";
        return house;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
