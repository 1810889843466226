using Dapper;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>What was known at any instant: by position, as the product reads, and by time, as one would without positions.</summary>
internal sealed class AsOfBenchmark(Sizes sizes, Report report)
{
    private const string Name = "as-of";
    private const string Database = "as_of";
    private const int Board = 200;
    private const int WarmUps = 10;

    /// <summary>Of the table, its indexes, and the write-ahead log that comes and goes; measured at ten million: 1.5 kB, and 1 GiB of log.</summary>
    private const long BytesAnEntry = 2_000;

    // the lateral join of LedgerReader.Milestones, with the filter that positions spare it
    private const string ByTime = """
        select m.id, e.state from milestones m
        cross join lateral (
            select e.state from entries e
            where e.milestone_id = m.id and e.recorded_at <= @at order by e.recorded_at desc, e.position desc limit 1
        ) e
        where m.id = any(@ids) order by m.id
        """;

    private static readonly Instant Start = Instant.FromUtc(2023, 6, 1, 0, 0);
    private static readonly Duration Between = Duration.FromSeconds(10);

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var needed = sizes.Entries * BytesAnEntry;
        if (cluster.Free < needed)
        {
            throw new IOException(
                $"{sizes.Entries} entries take {needed >> 20} MiB in {cluster.Folder}, where {cluster.Free >> 20} are free: "
                    + "set TMPDIR to another disk, or --entries to fewer"
            );
        }
        var (owner, application) = await cluster.MakeAsync(Database, ct);
        await FillAsync(owner, ct);

        var random = new Random(1);
        // over a second each was seen at ten million, on a busy machine
        var few = Math.Max(20, sizes.Reads / 10);
        await ReadsAsync("one milestone", 50, sizes.Reads, random, application, StateAsync, ct);
        await ReadsAsync(
            "one milestone with its whole history, as `mw milestone show` reads it",
            50,
            sizes.Reads,
            random,
            application,
            ShowAsync,
            ct
        );
        var board = await ReadsAsync($"a board of {Board} milestones", 200, sizes.Reads, random, application, BoardAsync, ct);
        var naive = await ReadsAsync(
            $"the same states by recorded_at instead of position",
            null,
            few,
            random,
            application,
            ByTimeAsync,
            ct
        );
        report.Add(new Figure(Name, "ratio of the medians, by recorded_at to by position", Report.Ratio(naive.Median / board.Median)));
        await cluster.DropAsync(Database, ct);
    }

    private async Task FillAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        Report.Note($"making {Report.Count(sizes.Entries)} entries");
        var began = TimeProvider.System.GetTimestamp();
        var last = new Line[sizes.AsOfMilestones];
        await LedgerFiller.FillAsync(owner, MilestoneKind.Quantity, Lines(last), last.Select(line => (line, (Instant?)null)), ct);
        var took = TimeProvider.System.GetElapsedTime(began);
        await using var connection = await owner.OpenConnectionAsync(ct);
        var bytes = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("select pg_total_relation_size('entries')", cancellationToken: ct)
        );
        report.Add(
            new Figure(
                Name,
                $"making {Report.Count(sizes.Entries)} entries of {Report.Count(sizes.AsOfMilestones)} milestones by COPY",
                $"{took.TotalSeconds:0} s, {bytes >> 20} MiB"
            )
        );
    }

    private IEnumerable<Line> Lines(Line[] last)
    {
        var random = new Random(2);
        var at = Start;
        for (var position = 1L; position <= sizes.Entries; position++)
        {
            at += Between + Duration.FromMilliseconds(random.Next(1_000));
            // everything is added first, then whatever comes to be known of any
            var index = position <= last.Length ? (int)position - 1 : random.Next(last.Length);
            var state = last[index]?.State;
            var body = state is null ? Invented.Quantity() : Invented.Next(random, state);
            var on = at.InUtc().Date;
            if (Invented.After(state, MilestoneKind.Quantity, position, body, on) is not { } after)
            {
                body = Invented.Progress(position);
                after = Invented.After(state, MilestoneKind.Quantity, position, body, on)!;
            }
            yield return last[index] = new Line(index + 1, position, at, body, after);
        }
    }

    private async Task<Samples> ReadsAsync(
        string what,
        int? target,
        int times,
        Random random,
        NpgsqlDataSource database,
        Func<NpgsqlConnection, Instant, Random, CancellationToken, Task<int>> read,
        CancellationToken ct
    )
    {
        var samples = new Samples();
        var found = 0L;
        for (var i = -WarmUps; i < times; i++)
        {
            var at = Start + (Between * random.Next(sizes.Entries));
            await (i < 0 ? new Samples() : samples).TimeAsync(async () =>
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                found += await read(connection, at, random, ct);
            });
        }
        var p95 = samples.Percentile(95);
        report.Add(
            new Figure(
                Name,
                $"{what}: p50, p95, max of {times}",
                $"{Samples.Milliseconds(samples.Median)}, {Samples.Milliseconds(p95)}, {Samples.Milliseconds(samples.Max)}",
                target is { } most ? $"p95 under {most} ms" : null,
                p95.TotalMilliseconds < target
            )
        );
        Report.Note($"{found / (times + WarmUps)} rows a read");
        return samples;
    }

    private async Task<int> StateAsync(NpgsqlConnection connection, Instant at, Random random, CancellationToken ct)
    {
        var position = await LedgerReader.PositionAtAsync(connection, at, ct);
        var slug = LedgerFiller.Slug(random.Next(sizes.AsOfMilestones) + 1);
        return await LedgerReader.FindAsync(connection, slug, position, ct) is null ? 0 : 1;
    }

    /// <summary>What `mw milestone show SLUG --as-of` reads.</summary>
    private async Task<int> ShowAsync(NpgsqlConnection connection, Instant at, Random random, CancellationToken ct)
    {
        var position = await LedgerReader.PositionAtAsync(connection, at, ct);
        var slug = LedgerFiller.Slug(random.Next(sizes.AsOfMilestones) + 1);
        if (await LedgerReader.FindAsync(connection, slug, position, ct) is not { } milestone)
        {
            return 0;
        }
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], position, ct))[milestone.Id].ToList();
        await LedgerReader.NamesAsync(connection, history, ct);
        return history.Count;
    }

    private async Task<int> BoardAsync(NpgsqlConnection connection, Instant at, Random random, CancellationToken ct)
    {
        var position = await LedgerReader.PositionAtAsync(connection, at, ct);
        return (await LedgerReader.MilestonesAsync(connection, position, ct, ids: Some(random))).Count;
    }

    private async Task<int> ByTimeAsync(NpgsqlConnection connection, Instant at, Random random, CancellationToken ct)
    {
        var command = new CommandDefinition(ByTime, new { at, ids = Some(random) }, cancellationToken: ct);
        return (await connection.QueryAsync<(long, string)>(command)).Count();
    }

    private long[] Some(Random random) => [.. Enumerable.Range(0, Board).Select(_ => random.NextInt64(sizes.AsOfMilestones) + 1)];
}
