using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>
/// What must be written together. An append alone is one statement, and so its own transaction: one round trip, with the ledger's lock
/// held no longer than that. A transaction begins with the first thing that has to hold together with it.
/// </summary>
internal sealed class Unit(NpgsqlConnection connection) : IAsyncDisposable
{
    private NpgsqlTransaction? _transaction;

    public NpgsqlConnection Connection => connection;

    /// <summary>From here on all is written or nothing.</summary>
    public async Task HoldAsync(CancellationToken ct) => _transaction ??= await connection.BeginTransactionAsync(ct);

    public Task CommitAsync(CancellationToken ct) => _transaction?.CommitAsync(ct) ?? Task.CompletedTask;

    /// <summary>What was held and not committed is taken back.</summary>
    public ValueTask DisposeAsync() => _transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
}
