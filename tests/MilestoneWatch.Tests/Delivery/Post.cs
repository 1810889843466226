using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

/// <summary>A house whose mails go to a scripted relay, with digests written and ready to be sent.</summary>
internal static class Post
{
    public static async Task<House> ReadyAsync(
        PostgresCluster cluster,
        ScriptedSmtpServer relay,
        int readers = 1,
        int connections = 1,
        params (string Key, string Value)[] more
    )
    {
        var configure = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Pickup"] = "",
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = relay.Port.ToString(CultureInfo.InvariantCulture),
            ["Smtp:Security"] = "none",
            ["Smtp:Connections"] = connections.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in more)
        {
            configure[key] = value;
        }
        var house = await House.OpenAsync(cluster, configure: configure);
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

    /// <summary>The relay has rested.</summary>
    public static Task<int> RestedAsync(this House house) =>
        house.ExecuteAsync("update relays set rest_until = clock_timestamp() - interval '1 second'");

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
        await house.ExecuteAsync($"insert into workers (name, lease_until) values ('{worker}', clock_timestamp() + interval '1 minute')");
        return Assert.Single(await house.ClaimAsync(worker, 1));
    }

    /// <summary>What a worker that has a lease, or has none, gets of the month that has waited longest.</summary>
    public static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(this House house, string worker, int batch)
    {
        await using var steps = await house.Mw.Steps.OpenConnectionAsync(CancellationToken.None);
        var month = (await DeliveryStore.DueMonthsAsync(steps, CancellationToken.None)).First();
        return await DeliveryStore.ClaimAsync(steps, worker, month, batch, after: null, CancellationToken.None);
    }

    public static Task<bool> MarkSendingAsync(this House house, ClaimedDelivery claimed, string worker) =>
        house.AskAsync(worker, null, claimed);

    public static Task SettleAsync(this House house, ClaimedDelivery claimed, string worker, string state) =>
        house.AskAsync(
            worker,
            new Settled(claimed, state, new SendResult(SendOutcome.Accepted, 250, "late"), TimeSpan.Zero, Held: false),
            null
        );

    /// <summary>The leases of all workers are over, and somebody notices.</summary>
    public static async Task ExpireLeasesAsync(this House house)
    {
        await house.ExecuteAsync("update workers set lease_until = clock_timestamp() - interval '1 second'");
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        await WorkerLease.RescueAsync(connection, orphans: false, house.Mw.Settings.Delivery, CancellationToken.None);
    }

    private static async Task<bool> AskAsync(this House house, string worker, Settled? done, ClaimedDelivery? next)
    {
        var settlements = new Settlements(house.Mw.Steps, worker, TimeProvider.System);
        var running = settlements.RunAsync(CancellationToken.None);
        var marked = await settlements.AskAsync(done, next);
        settlements.Complete();
        await running;
        return marked;
    }
}
