using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>
/// Brings forward what production waits minutes for and no setting shortens: retries, and a resting relay. The product's own statements do
/// everything else; only the times in the rows are earlier.
/// </summary>
internal sealed class Hurry : IAsyncDisposable
{
    private const string Forward = """
        update deliveries set next_attempt_at = clock_timestamp()
        where settled_at is null and state = 'ready' and next_attempt_at > clock_timestamp() and not held;
        update relays set rest_until = clock_timestamp() where rest_until > clock_timestamp();
        """;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Hurry(string owner) => _running = RunAsync(owner, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static async Task RunAsync(string owner, CancellationToken ct)
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
