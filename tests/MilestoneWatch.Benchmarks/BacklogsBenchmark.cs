using System.Globalization;
using Dapper;

namespace MilestoneWatch.Benchmarks;

/// <summary>Does a large backlog slow the pump, or fill its memory? Rates from the first attempt to the last, without the start of the process.</summary>
internal sealed class BacklogsBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "backlogs";
    private const double Within = 0.1;
    private const int MebibytesAtMost = 150;

    private const string Seconds =
        "select extract(epoch from max(ended_at) - min(started_at))::float8 from attempts where outcome = 'Accepted'";

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Name, ct);
        await using var sink = await MailSink.StartAsync(ct);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MW_ConnectionStrings__MilestoneWatch"] = application.ConnectionString,
            ["MW_Mail__From"] = "Watch <watch@example.com>",
            ["MW_Smtp__Host"] = "127.0.0.1",
            ["MW_Smtp__Port"] = sink.Port.ToString(CultureInfo.InvariantCulture),
            ["MW_Smtp__Security"] = "none",
            ["MW_Smtp__Connections"] = "10",
        };
        double? reference = null;
        foreach (var backlog in new[] { sizes.Backlog / 10, sizes.Backlog, sizes.Backlog / 1000 })
        {
            await DeliveryFiller.FillAsync(owner, backlog, ct);
            var run = await MeasuredRun.OfAsync(mw, ["deliver"], environment, ct);
            await using var connection = await owner.OpenConnectionAsync(ct);
            var rate = backlog / await connection.ExecuteScalarAsync<double>(new CommandDefinition(Seconds, cancellationToken: ct));
            reference ??= rate;
            var said = string.Create(
                CultureInfo.InvariantCulture,
                $"{rate:#,0} a second, {Report.Ratio(rate / reference.Value)} of the first, {run.Mebibytes} MB"
            );
            var held = rate >= (1 - Within) * reference && run.Mebibytes < MebibytesAtMost;
            // a second's work says nothing of the rate: the process is still warming up
            report.Add(
                backlog < sizes.Backlog / 10
                    ? new Figure(Name, $"{Report.Count(backlog)} mails", said)
                    : new Figure(Name, $"{Report.Count(backlog)} mails", said, $"0.90 of the first, under {MebibytesAtMost} MB", held)
            );
        }
        await cluster.DropAsync(Name, ct);
    }
}
