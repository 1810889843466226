using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

/// <summary>A house whose mails go to a scripted relay, with digests written and ready to be sent.</summary>
internal static class Post
{
    public static async Task<House> ReadyAsync(PostgresCluster cluster, ScriptedSmtpServer relay, int readers = 1, int connections = 1)
    {
        var house = await House.OpenAsync(
            cluster,
            configure: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Mail:Pickup"] = "",
                ["Smtp:Host"] = "127.0.0.1",
                ["Smtp:Port"] = relay.Port.ToString(CultureInfo.InvariantCulture),
                ["Smtp:Security"] = "none",
                ["Smtp:Connections"] = connections.ToString(CultureInfo.InvariantCulture),
            }
        );
        await house.PromiseAsync("site", "Q4 2026");
        await house.CrowdAsync(readers);
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.AdvanceDays(1);
        while (await house.Mw.Digests.RunOnceAsync(CancellationToken.None)) { }
        return house;
    }

    public static Task PumpAsync(this House house) => PumpAsync(house.Mw.Pump);

    public static async Task PumpAsync(DeliveryPump pump)
    {
        while (await pump.RunOnceAsync(CancellationToken.None)) { }
    }

    /// <summary>A pump whose rest a test can end.</summary>
    public static DeliveryPump PumpOn(this House house, TimeProvider time) =>
        new(
            house.Mw.Database,
            () => new SmtpMailSender(house.Mw.Settings.Smtp, "localhost"),
            1,
            ratePerSecond: null,
            time,
            NullLogger<DeliveryPump>.Instance
        );

    /// <summary>Whatever waits may be tried now.</summary>
    public static Task<int> WaitNoMoreAsync(this House house) =>
        house.ExecuteAsync("update deliveries set next_attempt_at = clock_timestamp()");

    /// <summary>"sent: 200, ready: 1", in alphabetical order.</summary>
    public static async Task<string> StatesAsync(this House house) =>
        await house.ScalarAsync<string>(
            """
            select coalesce(string_agg(state || ': ' || n, ', ' order by state), '')
            from (select state, count(*) as n from deliveries group by state) s
            """
        ) ?? "";

    public static async Task<ClaimedDelivery> ClaimAsync(this House house, string worker)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        return Assert.Single(await DeliveryStore.ClaimAsync(connection, worker, 1, CancellationToken.None));
    }

    public static async Task<bool> MarkSendingAsync(this House house, ClaimedDelivery claimed, string worker)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        return await DeliveryStore.MarkSendingAsync(connection, claimed, worker, CancellationToken.None);
    }

    public static async Task SettleAsync(this House house, ClaimedDelivery claimed, string state)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        await DeliveryStore.SettleAsync(
            connection,
            claimed,
            state,
            "Accepted",
            250,
            "late",
            NodaTime.Duration.Zero,
            CancellationToken.None
        );
    }

    /// <summary>The lease is over, and somebody notices.</summary>
    public static async Task ExpireLeasesAsync(this House house)
    {
        await house.ExecuteAsync(
            "update deliveries set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null"
        );
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        await DeliveryStore.RescueAsync(connection, CancellationToken.None);
    }
}
