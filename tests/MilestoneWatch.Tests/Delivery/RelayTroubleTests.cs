using System.Net;
using System.Net.Sockets;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class RelayTroubleTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Mails_wait_while_the_relay_is_down_and_flow_when_it_is_back()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20);
        var pump = house.Mw.Pump;
        house.Mw.Settings.Smtp.Port = ClosedPort();

        Assert.False(await pump.RunOnceAsync(CancellationToken.None));
        Assert.Equal("ready: 20", await house.StatesAsync());
        Assert.Contains("MW_Smtp__Host", pump.Trouble);

        // it rests although the relay is back
        house.Mw.Settings.Smtp.Port = relay.Port;
        Assert.False(await pump.RunOnceAsync(CancellationToken.None));
        Assert.Empty(relay.Mails);

        await house.RestedAsync();
        while (await pump.RunOnceAsync(CancellationToken.None)) { }

        Assert.Null(pump.Trouble);
        Assert.Equal("sent: 20", await house.StatesAsync());
        Assert.Equal(20, relay.Mails.Count);
    }

    [Fact]
    public async Task One_mail_probes_a_relay_in_doubt()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Mail = "550 not you" });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20);
        var pump = house.Mw.Pump;
        await pump.RunOnceAsync(CancellationToken.None);
        var before = await house.ScalarAsync<long>("select count(*) from attempts");

        await house.RestedAsync();
        await pump.RunOnceAsync(CancellationToken.None);

        Assert.Equal(before + 1, await house.ScalarAsync<long>("select count(*) from attempts"));
        Assert.Equal("ready: 20", await house.StatesAsync());
        Assert.Contains("not you", pump.Trouble);
    }

    [Theory]
    [InlineData("421 4.7.0 too many connections from you")]
    [InlineData("454 4.7.0 busy")]
    public async Task A_relay_that_takes_fewer_connections_gets_all_mails_over_those(string greeting)
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript(), new SmtpScript(), new SmtpScript { Greeting = greeting });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 60, connections: 6);

        await house.PumpAsync();

        Assert.Null(house.Mw.Pump.Trouble);
        Assert.Equal("sent: 60", await house.StatesAsync());
        Assert.Equal(60, relay.Mails.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(60, relay.Mails.Count);
    }

    [Fact]
    public async Task A_relay_that_takes_no_connection_is_left_to_rest()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Greeting = "421 4.3.2 not now" });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20, connections: 3);

        Assert.False(await house.Mw.Pump.RunOnceAsync(CancellationToken.None));

        Assert.Contains("not now", house.Mw.Pump.Trouble);
        Assert.Equal("ready: 20", await house.StatesAsync());
        Assert.InRange(await house.ScalarAsync<long>("select count(*) from attempts"), 1, 3);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named_and_loses_nothing()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);
        house.Mw.Settings.Smtp.Host = "relay.invalid";

        Assert.False(await house.Mw.Pump.RunOnceAsync(CancellationToken.None));

        Assert.Contains("relay.invalid", house.Mw.Pump.Trouble);
        Assert.Contains("MW_Smtp__Host", house.Mw.Pump.Trouble);
        Assert.Equal("ready: 3", await house.StatesAsync());
    }

    private static int ClosedPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return ((IPEndPoint)taken.LocalEndpoint).Port;
    }
}
