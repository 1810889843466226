using Microsoft.Extensions.Logging.Abstractions;
using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>A pass of the checks costs what is due, not what exists: the same hundred due among a thousand and among a million.</summary>
internal static class ChecksBenchmark
{
    private const string Name = "checks";
    private const int Few = 1_000;
    private const int Due = 100;
    private const int WarmUps = 2;
    private const int Rounds = (Few / Due) - WarmUps;
    private static readonly LocalDate Start = new(2026, 5, 28);

    public static async Task RunAsync(TemporaryCluster cluster, Sizes sizes, Report report, CancellationToken ct)
    {
        var fewer = await MakeAsync(cluster, "checks_few", Few, ct);
        var more = await MakeAsync(cluster, "checks_many", sizes.Milestones, ct);
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var now = Window(round).AtStartOfDayInZone(LedgerFiller.Zone).ToInstant();
            // who goes first changes, so that neither finds the caches warmer
            foreach (var house in round % 2 == 0 ? (House[])[fewer, more] : [more, fewer])
            {
                await house.PassAsync(now, round >= WarmUps, ct);
            }
        }
        Tell(report, fewer, Few);
        Tell(report, more, sizes.Milestones);
        var ratio = more.Passes.Median / fewer.Passes.Median;
        report.Add(new Figure(Name, "ratio of the medians", Report.Ratio(ratio), "at most 2", ratio <= 2));
        await cluster.DropAsync("checks_few", ct);
        await cluster.DropAsync("checks_many", ct);
    }

    private static void Tell(Report report, House house, int milestones) =>
        report.Add(
            new Figure(
                Name,
                $"one pass, {Due} due of {Report.Count(milestones)} milestones: median of {house.Passes.Count}, max",
                $"{Samples.Milliseconds(house.Passes.Median)}, {Samples.Milliseconds(house.Passes.Max)}"
            )
        );

    /// <summary>The midnight at which a round's hundred become due: the day after their last.</summary>
    private static LocalDate Window(int round) => Start.PlusDays(round + 1);

    private static async Task<House> MakeAsync(TemporaryCluster cluster, string name, int milestones, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var (owner, application) = await cluster.MakeAsync(name, ct);
        var lines = Enumerable.Range(1, milestones).Select(Line);
        await LedgerFiller.FillAsync(owner, MilestoneKind.Event, lines, lines.Select(line => (line, NextCheck(line))), ct);
        Report.Note($"{Report.Count(milestones)} milestones made in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
        return new House(owner, application);
    }

    private static Line Line(int number)
    {
        var group = (number - 1) / Due;
        // the others are due in years that no round comes to
        var last = group < WarmUps + Rounds ? Start.PlusDays(group) : new LocalDate(2040, 1, 1).PlusDays(number % 3_000);
        var at = Start.PlusDays(-30).AtStartOfDayInZone(LedgerFiller.Zone).ToInstant() + Duration.FromMilliseconds(number);
        var body = Invented.DueOn(last);
        return new Line(number, number, at, body, Invented.After(null, MilestoneKind.Event, number, body, Start)!);
    }

    private static Instant? NextCheck(Line line) =>
        Occasions.NextCheck(Occasions.Of(line.State, ((Added)line.Body.Change).Definition, LedgerFiller.Zone, line.At, line.At), line.At);

    private sealed class House(NpgsqlDataSource owner, NpgsqlDataSource application)
    {
        private readonly SteppingClock _clock = new(Instant.MinValue);

        public Samples Passes { get; } = new();

        public async Task PassAsync(Instant now, bool measured, CancellationToken ct)
        {
            _clock.StepTo(now);
            var before = await HeadAsync(ct);
            var pass = new CheckPass(application, _clock, NullLogger<CheckPass>.Instance);
            var samples = measured ? Passes : new Samples();
            await samples.TimeAsync(async () =>
            {
                while (await pass.RunOnceAsync(ct)) { }
            });
            if (await HeadAsync(ct) - before is var said and not Due)
            {
                throw new InvalidOperationException($"{Due} milestones were due, and the pass said {said} things");
            }
        }

        private async Task<long> HeadAsync(CancellationToken ct)
        {
            await using var connection = await owner.OpenConnectionAsync(ct);
            return await LedgerReader.HeadAsync(connection, ct);
        }
    }
}
