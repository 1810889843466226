using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Settles what the lanes have sent and marks what they send next: one statement at a time, for all lanes that wait, in one commit.
/// </summary>
internal sealed class Settlements(NpgsqlDataSource database, string worker, TimeProvider time)
{
    private const string SettleAndMark = """
        select marked from settle_and_mark($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    /// <summary>How long the database may be away before the run gives up; what was sent by then is of unknown fate.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The same once the run is told to stop.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(20);

    private volatile Exception? _failure;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new() { SingleReader = true });

    /// <summary>Settles one and marks another, either of which may be missing. Returns whether the marked one may be sent.</summary>
    public Task<bool> AskAsync(Settled? done, ClaimedDelivery? next)
    {
        var request = new Request(done, next);
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
            await using var sql = new Statement(database, worker);
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
                    request.Answer.SetResult(request.Next is { } next && marked.Contains(next.Id));
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
    private async Task<HashSet<long>> PersistAsync(Statement sql, List<Request> batch, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause = TimeSpan.FromMilliseconds(Math.Min(2000, pause.TotalMilliseconds * 2)))
        {
            try
            {
                return await sql.RunAsync(batch);
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

    private sealed record Request(Settled? Done, ClaimedDelivery? Next)
    {
        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The statement on a connection of its own, opened again when it was lost.</summary>
    private sealed class Statement(NpgsqlDataSource database, string worker) : IAsyncDisposable
    {
        private NpgsqlConnection? _connection;

        public async Task<HashSet<long>> RunAsync(List<Request> batch)
        {
            // a statement that hangs is cut off by the command's own time limit, never by whoever stops the run
            var connection = _connection ??= await database.OpenConnectionAsync(CancellationToken.None);
            try
            {
                var marked = new HashSet<long>();
                await using var command = Command(connection, batch);
                await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    marked.Add(reader.GetInt64(0));
                }
                return marked;
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_connection is { } connection)
            {
                _connection = null;
                await connection.DisposeAsync();
            }
        }

        private NpgsqlCommand Command(NpgsqlConnection connection, List<Request> batch)
        {
            Settled[] done = [.. from request in batch where request.Done is not null select request.Done];
            Request[] next = [.. from request in batch where request.Next is not null select request];
            var command = new NpgsqlCommand(SettleAndMark, connection) { CommandTimeout = 30 };
            command.Parameters.Add(new() { Value = worker });
            Add(NpgsqlDbType.Bigint, Array.ConvertAll(done, one => one.Delivery.Id));
            Add(NpgsqlDbType.TimestampTz, Array.ConvertAll(done, one => one.Delivery.DueSlot));
            Add(NpgsqlDbType.Integer, Array.ConvertAll(done, one => one.Delivery.Generation));
            Add(NpgsqlDbType.Text, Array.ConvertAll(done, one => one.State));
            Add(NpgsqlDbType.Text, Array.ConvertAll(done, one => one.Result.Outcome.ToString()));
            Add(NpgsqlDbType.Integer, Array.ConvertAll(done, one => one.Result.Code));
            Add(NpgsqlDbType.Text, Array.ConvertAll(done, one => one.Result.Reply));
            Add(NpgsqlDbType.Interval, Array.ConvertAll(done, one => one.Delay));
            Add(NpgsqlDbType.Boolean, Array.ConvertAll(done, one => one.Held));
            Add(NpgsqlDbType.Bigint, Array.ConvertAll(next, one => one.Next!.Id));
            Add(NpgsqlDbType.TimestampTz, Array.ConvertAll(next, one => one.Next!.DueSlot));
            Add(NpgsqlDbType.Integer, Array.ConvertAll(next, one => one.Next!.Generation));
            Add(NpgsqlDbType.Text, Array.ConvertAll(next, one => one.Next!.AddressKey));
            Add(NpgsqlDbType.Text, Array.ConvertAll(next, one => one.Next!.EnvelopeFrom));
            Add(NpgsqlDbType.Bytea, Array.ConvertAll(next, one => one.Next!.Signature));
            return command;

            void Add(NpgsqlDbType type, Array values) =>
                command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        }
    }
}
