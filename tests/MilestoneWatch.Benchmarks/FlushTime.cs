using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>What it costs to make sure of a commit. On every machine the same two ways, neither of which needs pg_test_fsync.</summary>
internal static class FlushTime
{
    private const int Times = 500;

    // the smallest thing that has to be flushed; with synchronous_commit off the same work is done, and only the flush is not waited for
    private const string Tiny = "select pg_logical_emit_message(true, 'tiny', 'x')";

    public static async Task<(TimeSpan Commit, TimeSpan File)> MeasureAsync(NpgsqlDataSource owner, string folder, CancellationToken ct)
    {
        var (waited, unwaited, file) = (new Samples(), new Samples(), new Samples());
        await using var connection = await owner.OpenConnectionAsync(ct);
        await using var on = new NpgsqlCommand($"begin; set local synchronous_commit = on; {Tiny}; commit", connection);
        await using var off = new NpgsqlCommand($"begin; set local synchronous_commit = off; {Tiny}; commit", connection);
        for (var i = 0; i < Times; i++)
        {
            await waited.TimeAsync(() => on.ExecuteNonQueryAsync(ct));
            await unwaited.TimeAsync(() => off.ExecuteNonQueryAsync(ct));
        }
        var path = Path.Combine(folder, "flush");
        var page = new byte[8192];
        using (
            var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose, page.Length)
        )
        {
            for (var i = 0; i < Times; i++)
            {
                await file.TimeAsync(async () =>
                {
                    await RandomAccess.WriteAsync(handle, page, 0, ct);
                    RandomAccess.FlushToDisk(handle);
                });
            }
        }
        var flush = waited.Median - unwaited.Median;
        return (flush > TimeSpan.Zero ? flush : TimeSpan.Zero, file.Median);
    }
}
