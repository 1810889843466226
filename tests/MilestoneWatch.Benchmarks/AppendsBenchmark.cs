using System.Globalization;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// Four writers record progress, each on milestones of its own: through the recorder (look, validate, append), as bare calls of
/// append_entries, and as plain inserts of the same text, the most that this server and this disk will commit for four connections.
/// The three take turns, so that what else the machine does falls on all of them.
/// </summary>
internal sealed class AppendsBenchmark(Sizes sizes, Report report)
{
    private const string Name = "appends";
    private const string Database = "appends";
    private const int Writers = 4;
    private const int Each = 50;
    private const int Turns = 5;
    private const int Target = 2_000;
    private const double FlushOfTarget = 0.2;

    private const string MakePlain =
        "create table plain (id bigint generated always as identity primary key, body text not null, state jsonb not null)";
    private const string InsertPlain = "insert into plain (body, state) values (@body, @state::jsonb)";

    private readonly SteppingClock _clock = new(Instant.FromUtc(2026, 9, 1, 8, 0));

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Database, ct);
        await LedgerFiller.FillAsync(owner, MilestoneKind.Quantity, Lines(), Lines().Select(line => (line, (Instant?)null)), ct);
        await using (var make = owner.CreateCommand(MakePlain))
        {
            await make.ExecuteNonQueryAsync(ct);
        }
        var flush = await FlushTime.MeasureAsync(owner, cluster.Folder, ct);
        report.Add(
            new Figure(Name, "commit flush: median of a tiny commit waited for, less one that is not", Samples.Milliseconds(flush.Commit))
        );
        report.Add(new Figure(Name, "fsync of 8 kB in the same folder: median", Samples.Milliseconds(flush.File)));

        var recorder = new Recorder(application, _clock);
        var (plain, bare, whole) = (new List<double>(), new List<double>(), new List<double>());
        // the first turn only warms up
        for (var turn = 0; turn <= Turns; turn++)
        {
            await TurnAsync(plain, turn, (writer, count) => PlainAsync(owner, writer, count, ct));
            await TurnAsync(bare, turn, (writer, count) => AppendAsync(application, writer, count, ct));
            await TurnAsync(whole, turn, (writer, count) => RecordAsync(recorder, writer, count, ct));
        }
        Tell("plain inserts a second, four connections", Median(plain), null);
        Tell("append_entries a second, one call each, four writers", Median(bare), flush.Commit);
        Tell("changes a second through the recorder, four writers", Median(whole), flush.Commit);
        report.Add(new Figure(Name, "ratio of append_entries to plain inserts", Report.Ratio(Median(bare) / Median(plain))));
        report.Add(new Figure(Name, "ratio of the recorder to plain inserts", Report.Ratio(Median(whole) / Median(plain))));
        await cluster.DropAsync(Database, ct);
    }

    private void Tell(string what, double rate, TimeSpan? flush)
    {
        // the target speaks of a disk that this machine may not have
        var judged = flush is { } took && took.TotalMilliseconds < FlushOfTarget;
        report.Add(
            new Figure(
                Name,
                $"{what}: median of {Turns} turns",
                Report.Count((long)rate),
                judged
                    ? $"{Report.Count(Target)} where a flush takes under {FlushOfTarget.ToString(CultureInfo.InvariantCulture)} ms"
                    : null,
                rate >= Target
            )
        );
    }

    private async Task TurnAsync(List<double> rates, int turn, Func<int, int, Task> write)
    {
        var count = sizes.Appends / Turns / Writers;
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => write(writer, count))));
        if (turn > 0)
        {
            rates.Add(count * Writers / TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        }
    }

    private static async Task PlainAsync(NpgsqlDataSource database, int writer, int count, CancellationToken ct)
    {
        var line = Line((writer * Each) + 1);
        var (body, state) = (LedgerJson.Write(line.Body), System.Text.Json.JsonSerializer.Serialize(line.State, LedgerJson.Options));
        for (var i = 0; i < count; i++)
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(InsertPlain, new { body, state }, cancellationToken: ct));
        }
    }

    private async Task AppendAsync(NpgsqlDataSource database, int writer, int count, CancellationToken ct)
    {
        Milestone[] mine;
        await using (var reading = await database.OpenConnectionAsync(ct))
        {
            mine = [.. await LedgerReader.MilestonesAsync(reading, long.MaxValue, ct, ids: [.. Ids(writer)])];
        }
        var actor = Guid.NewGuid();
        for (var i = 0; i < count; i++)
        {
            var milestone = mine[i % Each];
            var now = _clock.GetCurrentInstant();
            var drafts = new List<Draft>();
            new Recording(milestone, [], drafts, now).Add(Invented.Progress(i), now.InUtc().Date, actor);
            await using var connection = await database.OpenConnectionAsync(ct);
            var expected = new Dictionary<long, int?> { [milestone.Id] = milestone.State.Revision };
            var position = (await Ledger.AppendAsync(connection, now, expected, drafts, Door.Cli, ct))[0];
            mine[i % Each] = milestone with
            {
                State = drafts[0].State! with { Position = position!.Value, ProgressPosition = position, SubstancePosition = position },
            };
        }
    }

    private static async Task RecordAsync(Recorder recorder, int writer, int count, CancellationToken ct)
    {
        var slugs = Ids(writer).Select(LedgerFiller.Slug).ToList();
        for (var i = 0; i < count; i++)
        {
            var request = new RecordRequest(slugs[i % Each], new ProgressRecorded(i), LedgerFiller.Analyst);
            if (await recorder.RecordAsync(request, ct) is RecordOutcome.Refused refused)
            {
                throw new InvalidOperationException(refused.Reason);
            }
        }
    }

    private static IEnumerable<long> Ids(int writer) => Enumerable.Range((writer * Each) + 1, Each).Select(id => (long)id);

    private static IEnumerable<Line> Lines() => Enumerable.Range(1, Writers * Each).Select(Line);

    private static Line Line(int number)
    {
        var at = Instant.FromUtc(2026, 6, 1, 8, 0) + Duration.FromSeconds(number);
        var body = Invented.Quantity();
        return new Line(number, number, at, body, Invented.After(null, MilestoneKind.Quantity, number, body, at.InUtc().Date)!);
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);
}
