using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>
/// Brings forward what production waits minutes for: leases, the cool-off of what may have been accepted, retries, a resting relay. The
/// product's own statements do everything else; only the times in the rows are earlier.
/// </summary>
internal sealed class Hurry : IAsyncDisposable
{
    // A lease is 5 minutes, one in sending 15: here each is over after @lease of it.
    private const string Forward = """
        update deliveries set lease_until = clock_timestamp() - interval '1 second'
        where (state = 'leased' and lease_until > clock_timestamp() and lease_until < clock_timestamp() + interval '5 minutes' - @lease)
            or (state = 'sending' and lease_until > clock_timestamp() and lease_until < clock_timestamp() + interval '15 minutes' - @lease);
        update deliveries set next_attempt_at = clock_timestamp()
        where state in ('ready', 'unknown') and next_attempt_at > clock_timestamp();
        update relays set rest_until = clock_timestamp() where rest_until > clock_timestamp();
        """;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Hurry(string owner, TimeSpan lease) => _running = RunAsync(owner, lease, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static async Task RunAsync(string owner, TimeSpan lease, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(owner);
                await connection.OpenAsync(ct);
                while (true)
                {
                    await using var command = new NpgsqlCommand(Forward, connection);
                    command.Parameters.AddWithValue("lease", lease);
                    await command.ExecuteNonQueryAsync(ct);
                    await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException or OperationCanceledException)
            {
                // the database is away; it will be back
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
