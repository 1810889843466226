using System.CommandLine;
using MilestoneWatch.Benchmarks;

// A stopwatch and medians rather than BenchmarkDotNet: what is measured is milliseconds of PostgreSQL, disk and processes, in ratios
// that must be taken in turns within one process and one run, where BenchmarkDotNet starts a process for each.
string[] all = ["checks", "as-of", "appends", "digests", "delivery", "backlogs", "board", "start-up", "windows"];
var which = new Argument<string[]>("BENCHMARK")
{
    Description = $"all, or some of {string.Join(", ", all)}",
    DefaultValueFactory = _ => ["all"],
};
which.AcceptOnlyFromAmong(["all", .. all]);
var quick = new Option<bool>("--quick") { Description = "Small sizes: does it work, and what will it look like" };
var markdown = new Option<bool>("--markdown") { Description = "The table as markdown" };
var milestones = Size("--milestones", "checks: milestones in the larger database", 1_000);
var entries = Size("--entries", "as-of: entries in the ledger", 10_000);
var asOfMilestones = Size("--as-of-milestones", "as-of: milestones that share the entries", 200);
var reads = Size("--reads", "as-of: reads of each sort", 20);
var appends = Size("--appends", "appends: changes of each sort, all writers together", 100);
var readers = Size("--readers", "digests: readers who are all due", 1_000);
var mails = Size("--mails", "delivery: mails of each run", 1_000);
var backlog = Size("--backlog", "backlogs: mails in the largest", 10_000);
var starts = Size("--starts", "start-up: runs of the executable", 20);

var root = new RootCommand("What the README's figures come from. Needs no configuration, and leaves nothing behind.")
{
    which,
    quick,
    markdown,
    milestones,
    entries,
    asOfMilestones,
    reads,
    appends,
    readers,
    mails,
    backlog,
    starts,
};
root.SetAction(
    async (parse, ct) =>
    {
        var standard = parse.GetValue(quick) ? Sizes.Quick : Sizes.Published;
        var sizes = standard with
        {
            Milestones = parse.GetValue(milestones) ?? standard.Milestones,
            Entries = parse.GetValue(entries) ?? standard.Entries,
            AsOfMilestones = parse.GetValue(asOfMilestones) ?? standard.AsOfMilestones,
            Reads = parse.GetValue(reads) ?? standard.Reads,
            Appends = parse.GetValue(appends) ?? standard.Appends,
            Readers = parse.GetValue(readers) ?? standard.Readers,
            Mails = parse.GetValue(mails) ?? standard.Mails,
            Backlog = parse.GetValue(backlog) ?? standard.Backlog,
            Starts = parse.GetValue(starts) ?? standard.Starts,
        };
        var asked = parse.GetRequiredValue(which);
        try
        {
            var report = await RunAsync(all.Where(name => asked.Contains("all") || asked.Contains(name)).ToHashSet(), sizes, ct);
            Console.Out.WriteLine(parse.GetValue(markdown) ? report.Markdown() : report.Plain());
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Report.Note("interrupted; nothing is left behind");
            return 1;
        }
    }
);

// stopping PostgreSQL and removing its data takes longer than the two seconds that are the default
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });

static async Task<Report> RunAsync(HashSet<string> asked, Sizes sizes, CancellationToken ct)
{
    var report = new Report();
    Machine.Describe(report);
    if (asked.Overlaps(["start-up", "windows"]))
    {
        using var mw = await PublishedExecutable.MakeAsync(ct);
        await RunIf("start-up", () => StartUpBenchmark.RunAsync(mw, sizes, report, ct));
        await RunIf("windows", () => WindowsBenchmark.RunAsync(mw, sizes, report, ct));
    }
    if (asked.Overlaps(["checks", "as-of", "appends", "digests", "delivery", "backlogs", "board"]))
    {
        await using var cluster = await TemporaryCluster.StartAsync(ct);
        await cluster.DescribeAsync(report, ct);
        await RunIf("checks", () => ChecksBenchmark.RunAsync(cluster, sizes, report, ct));
        // before as-of, whose gigabytes the disk may still be writing when it is done
        await RunIf("appends", () => new AppendsBenchmark(sizes, report).RunAsync(cluster, ct));
        await RunIf(
            "digests",
            async () =>
            {
                using var mw = await PublishedExecutable.MakeAsync(ct);
                await new DigestsBenchmark(mw, sizes, report).RunAsync(cluster, ct);
            }
        );
        await RunIf(
            "delivery",
            async () =>
            {
                using var mw = await PublishedExecutable.MakeAsync(ct);
                await new DeliveryBenchmark(mw, sizes, report).RunAsync(cluster, ct);
            }
        );
        await RunIf(
            "backlogs",
            async () =>
            {
                using var mw = await PublishedExecutable.MakeAsync(ct);
                await new BacklogsBenchmark(mw, sizes, report).RunAsync(cluster, ct);
            }
        );
        await RunIf(
            "board",
            async () =>
            {
                using var mw = await PublishedExecutable.MakeAsync(ct);
                await new BoardBenchmark(mw, sizes, report).RunAsync(cluster, ct);
            }
        );
        await RunIf("as-of", () => new AsOfBenchmark(sizes, report).RunAsync(cluster, ct));
    }
    return report;

    async Task RunIf(string name, Func<Task> benchmark)
    {
        if (asked.Contains(name))
        {
            Console.Error.WriteLine(name);
            await benchmark();
        }
    }
}

static Option<int?> Size(string name, string description, int least)
{
    var option = new Option<int?>(name) { Description = description, HelpName = "N" };
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int?>() < least)
        {
            result.AddError($"{name} is {least} at least");
        }
    });
    return option;
}
