using System.Threading.Channels;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Settles what the lanes have sent and marks what they send next: one statement at a time, for all lanes that wait, in one commit.
/// </summary>
internal sealed class Settlements(NpgsqlDataSource database, string worker, TimeProvider time)
{
    /// <summary>How long the database may be away before the run gives up; what was sent by then is of unknown fate.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The same once the run is told to stop.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(20);

    private volatile Exception? _failure;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });

    /// <summary>Settles one and marks another, either of which may be missing. Returns whether the marked one may be sent.</summary>
    public Task<bool> AskAsync(Settled? done, ClaimedDelivery? next)
    {
        var request = new Request(new Step(done, next));
        return _requests.Writer.TryWrite(request) ? request.Answer.Task
            : _failure is { } failure ? Task.FromException<bool>(failure)
            : throw new InvalidOperationException("the run has ended");
    }

    /// <summary>No more will be asked.</summary>
    public void Complete() => _requests.Writer.TryComplete();

    /// <summary>Answers until no more is asked. A failure is everybody's who waits, and of whoever asks afterwards.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var batch = new List<Request>();
        try
        {
            await using var sql = new SettleStatement(database, worker);
            while (await _requests.Reader.WaitToReadAsync(CancellationToken.None))
            {
                batch.Clear();
                while (_requests.Reader.TryRead(out var request))
                {
                    batch.Add(request);
                }
                var marked = await PersistAsync(sql, batch, ct);
                foreach (var request in batch)
                {
                    request.Answer.SetResult(request.Step.Next is { } next && marked.Contains(next.Id));
                }
            }
        }
        catch (Exception e)
        {
            _failure = e;
            _requests.Writer.TryComplete();
            while (_requests.Reader.TryRead(out var request))
            {
                batch.Add(request);
            }
            foreach (var request in batch)
            {
                request.Answer.TrySetException(e);
            }
            throw;
        }
    }

    // The statement is safe to repeat, so a commit whose answer was lost is asked for again.
    private async Task<HashSet<long>> PersistAsync(SettleStatement sql, List<Request> batch, CancellationToken ct)
    {
        var steps = batch.ConvertAll(request => request.Step);
        var began = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = TimeSpan.FromMilliseconds(Math.Min(2000, pause.TotalMilliseconds * 2)))
        {
            try
            {
                return await sql.RunAsync(steps);
            }
            catch (Exception e) when (MayPass(e) && time.GetElapsedTime(began) < (ct.IsCancellationRequested ? LastPatience : Patience))
            {
                await Task.Delay(pause, time, CancellationToken.None);
            }
        }
    }

    // a database that is away, starting, full, or has hung up
    private static bool MayPass(Exception e) =>
        e switch
        {
            PostgresException refused => refused.IsTransient || refused.SqlState[..2] is "08" or "40" or "53" or "57" or "58",
            NpgsqlException or TimeoutException or IOException => true,
            _ => false,
        };

    private sealed record Request(Step Step)
    {
        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
