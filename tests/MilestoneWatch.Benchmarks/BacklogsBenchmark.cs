using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// Does a large backlog slow the pump, or fill its memory; and a small one? One `mw serve`, as published and warm, is given backlogs one after
/// the other. Rates from the first attempt to the last.
/// </summary>
internal sealed class BacklogsBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "backlogs";
    private const double Within = 0.1;
    private const int MebibytesAtMost = 150;
    private const int Smalls = 9;

    private const string Seconds =
        "select extract(epoch from max(ended_at) - min(started_at))::float8 from attempts where outcome = 'Accepted' having count(*) = @backlog";

    private const string Go = "delete from relays; select pg_notify('milestonewatch_delivery', '')";
    private const string IsOver = "select not exists (select from deliveries where settled_at is null and next_attempt_at <= now())";

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Name, ct);
        await using var sink = await MailSink.StartAsync(ct);
        using var home = new TemporaryFolder();
        var start = new ProcessStartInfo(Path.Combine(mw.Folder, "mw"), ["serve", "--roles", "delivery"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MW_ConnectionStrings__MilestoneWatch"] = application.ConnectionString;
        start.Environment["MW_Home"] = home.Path;
        start.Environment["MW_Mail__From"] = "Watch <watch@example.com>";
        start.Environment["MW_Smtp__Host"] = "127.0.0.1";
        start.Environment["MW_Smtp__Port"] = sink.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["MW_Smtp__Security"] = "none";
        start.Environment["MW_Smtp__Connections"] = "10";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("mw");
        var said = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct);
        var complained = process.StandardError.BaseStream.CopyToAsync(Stream.Null, ct);
        try
        {
            Report.Note("warming up");
            await RateAsync(owner, sink, sizes.Backlog / 20, ct);
            var reference = await RateAsync(owner, sink, sizes.Backlog / 10, ct);
            Add(sizes.Backlog / 10, reference, reference);
            var small = new List<double>();
            for (var i = 0; i < Smalls; i++)
            {
                small.Add(await RateAsync(owner, sink, sizes.Backlog / 1000, ct));
            }
            Add(sizes.Backlog / 1000, small.Order().ElementAt(Smalls / 2), reference, $", the middle of {Smalls}");
            Add(sizes.Backlog, await RateAsync(owner, sink, sizes.Backlog, ct), reference);
        }
        finally
        {
            process.Kill();
            await Task.WhenAll(said, complained);
        }
        await cluster.DropAsync(Name, ct);

        void Add(int backlog, double rate, double reference, string of = "")
        {
            process.Refresh();
            var mebibytes = process.PeakWorkingSet64 >> 20;
            var seen = string.Create(
                CultureInfo.InvariantCulture,
                $"{rate:#,0} a second, {Report.Ratio(rate / reference)} of the first, {mebibytes} MB so far"
            );
            var held = rate >= (1 - Within) * reference && mebibytes < MebibytesAtMost;
            report.Add(
                new Figure(Name, $"{Report.Count(backlog)} mails{of}", seen, $"0.90 of the first, under {MebibytesAtMost} MB", held)
            );
        }
    }

    /// <summary>Mails a second.</summary>
    private static async Task<double> RateAsync(NpgsqlDataSource owner, MailSink sink, int backlog, CancellationToken ct)
    {
        await DeliveryFiller.FillAsync(owner, backlog, ct, relay: sink.Address);
        await using var connection = await owner.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Go, cancellationToken: ct));
        while (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsOver, cancellationToken: ct)))
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }
        var took = await connection.ExecuteScalarAsync<double?>(new CommandDefinition(Seconds, new { backlog }, cancellationToken: ct));
        return backlog / took ?? throw new InvalidOperationException($"not all of {backlog} mails went out");
    }
}
