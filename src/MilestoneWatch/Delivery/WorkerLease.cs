using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// One run's hold on what it leases: renewed while the run lives, given back at its end, and taken from it when it gives no sign.
/// </summary>
internal sealed class WorkerLease : IAsyncDisposable
{
    private const string Renew = """
        insert into workers (name, lease_until) values (@worker, clock_timestamp() + @lease)
        on conflict (name) do update set lease_until = excluded.lease_until
        """;

    private const string End = "delete from workers where name = @worker";

    private const string Bury = "delete from workers where lease_until < clock_timestamp() returning name";

    // Not begun goes back, begun may have been accepted: an attempt without an end. The generation stays, so that a late worker can still say that it was.
    private const string Rescue = """
        with rescued as (
            update deliveries d
            set state = case when d.state = 'leased' then 'ready' else 'unknown' end,
                held = d.state = 'sending' and @hold,
                next_attempt_at = case when d.state = 'leased' then d.next_attempt_at
                    else least(clock_timestamp() + @coolOff, d.expires_at) end
            where d.settled_at is null and d.state in ('leased', 'sending')
                and coalesce(d.lease_until, '-infinity') < clock_timestamp()
                and not exists (select from workers w where w.name = d.worker)
            returning d.id, d.due_slot, d.generation, d.worker, d.sending_since, d.state),
        begun as (
            insert into attempts (delivery_id, due_slot, generation, worker, started_at)
            select r.id, r.due_slot, r.generation, r.worker, coalesce(r.sending_since, clock_timestamp()) from rescued r where r.state = 'unknown'
            on conflict do nothing)
        select count(*) from rescued
        """;

    private readonly NpgsqlDataSource _database;
    private readonly TimeSpan _length;
    private readonly CancellationTokenSource _ended = new();
    private Task _renewing = Task.CompletedTask;

    private WorkerLease(NpgsqlDataSource database, TimeSpan length)
    {
        _database = database;
        _length = length;
        Worker = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}:{Environment.ProcessId}:{RandomNumberGenerator.GetHexString(6)}"
        );
    }

    /// <summary>Who holds it; no two runs have the same name.</summary>
    public string Worker { get; }

    /// <summary>Nothing is left in its hands. Else its name stays on record until the lease is over, so that what it had is looked for.</summary>
    public bool Clean { get; set; }

    public static async Task<WorkerLease> BeginAsync(NpgsqlDataSource database, TimeSpan length, TimeProvider time, CancellationToken ct)
    {
        var lease = new WorkerLease(database, length);
        await lease.RenewAsync(ct);
        lease._renewing = lease.KeepAsync(time);
        return lease;
    }

    /// <summary>What dead workers have left is free again. Returns how many deliveries.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="orphans">Looks for what belongs to nobody even where no worker has died: costs a walk over all that waits.</param>
    /// <param name="options">How long what may have been accepted rests.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<int> RescueAsync(NpgsqlConnection connection, bool orphans, DeliveryOptions options, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var dead = (await connection.QueryAsync<string>(new CommandDefinition(Bury, cancellationToken: ct))).AsList();
        var rescued =
            dead.Count > 0 || orphans
                ? await connection.ExecuteScalarAsync<int>(
                    new CommandDefinition(
                        Rescue,
                        new { hold = options.HoldsUnknown, coolOff = TimeSpan.FromSeconds(options.CoolOffSeconds) },
                        commandTimeout: 300,
                        cancellationToken: ct
                    )
                )
                : 0;
        await transaction.CommitAsync(ct);
        return rescued;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        _ended.Dispose();
        if (!Clean)
        {
            return;
        }
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await using var connection = await _database.OpenConnectionAsync(deadline.Token);
            await connection.ExecuteAsync(new CommandDefinition(End, new { worker = Worker }, cancellationToken: deadline.Token));
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
        {
            // it ends by itself
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        await using var connection = await _database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Renew, new { worker = Worker, lease = _length }, cancellationToken: ct));
    }

    private async Task KeepAsync(TimeProvider time)
    {
        using var ticks = new PeriodicTimer(_length / 4, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(_ended.Token))
            {
                try
                {
                    await RenewAsync(_ended.Token);
                }
                catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
                {
                    // the next tick tries again; should the lease end meanwhile, others go on with its work
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }
}
