using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// From rows in Postgres to accepted by SMTP: `mw deliver`, as published, from start to end, beside two references that send mails of the same
/// size to the same sink in the same run, in turns: Postfix's smtp-source, which composes nothing, and pooled nodemailer.
/// </summary>
internal sealed class DeliveryBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "delivery";
    private const int Connections = 10;
    private const int Many = 40;
    private const int Rounds = 3;

    // a fifth will do for nodemailer: its rate does not change
    private const int PeerShare = 5;
    private const double OfCeiling = 0.45;
    private const double OfPeer = 4;
    private const int MebibytesAtMost = 150;

    private const string Ended = """
        select (select count(*) from deliveries where state = 'sent'), (select count(*) from attempts where outcome = 'Accepted')
        """;

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Name, ct);
        await using var sink = await MailSink.StartAsync(ct);
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        var rounds = new List<Round>();
        for (var round = 1; round <= Rounds; round++)
        {
            // next to each other in time: a machine shared with others does not stay as fast as it was
            var ceiling = await CeilingAsync(sink, Connections, ct);
            var few = await MeasureAsync(owner, application, sink.Port, Connections, replicas: 1, none, ct);
            var ceilingOfMany = await CeilingAsync(sink, Many, ct);
            var many = await MeasureAsync(owner, application, sink.Port, Many, replicas: 1, none, ct);
            var peer = await PeerAsync(sink, ct);
            rounds.Add(new Round(ceiling, few, ceilingOfMany, many, peer));
            Report.Note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {round} of {Rounds}: {ceiling:0}, {Rate(few):0}, {ceilingOfMany:0}, {Rate(many):0}, {peer:0}"
                )
            );
        }
        Add($"smtp-source -d, {Report.Count(sizes.Mails)} {MailsOver(Connections)}", round => round.Ceiling);
        Add($"smtp-source -d, {Report.Count(sizes.Mails)} {MailsOver(Many)}", round => round.CeilingOfMany);
        if (rounds.TrueForAll(round => round.Peer is not null))
        {
            Add($"nodemailer, pooled, {Report.Count(sizes.Mails / PeerShare)} {MailsOver(Connections)}", round => round.Peer!.Value);
        }
        Compare(Connections, round => round.Few);
        Compare(Many, round => round.Many);
        Held($"smtp-source, {Many} connections to what is faster of its two", OfCeiling, round => Rate(round.Many) / round.Fastest);
        var most = rounds.Max(round => Math.Max(round.Few.Mebibytes, round.Many.Mebibytes));
        report.Add(new Figure(Name, "memory at most", $"{most} MB", $"under {MebibytesAtMost} MB", most < MebibytesAtMost));
        await VariantAsync("1 connection", sink.Port, 1, 1, none);
        await VariantAsync("3 replicas", sink.Port, Connections, 3, none);
        await using (var tls = await TlsFront.StartAsync(sink, ct))
        {
            await VariantAsync("over TLS", tls.Port, Connections, 1, tls.Environment);
        }
        using (var dkim = new DkimKey())
        {
            await VariantAsync("signed with DKIM (RSA-2048)", sink.Port, Connections, 1, dkim.Environment);
        }
        await cluster.DropAsync(Name, ct);

        void Add(string what, Func<Round, double> rate) =>
            report.Add(new Figure(Name, what, $"{Report.Count((long)Middle(rounds.Select(rate)))} a second"));

        void Compare(int connections, Func<Round, MeasuredRun> run)
        {
            var middle = rounds.OrderBy(round => run(round).Took).ElementAt(Rounds / 2);
            report.Add(new Figure(Name, $"mw deliver, {Report.Count(sizes.Mails)} {MailsOver(connections)}", Told(run(middle))));
            Held($"smtp-source, {connections} connections to its {Connections}", OfCeiling, round => Rate(run(round)) / round.Ceiling);
            if (rounds.TrueForAll(round => round.Peer is not null))
            {
                Held($"nodemailer, {connections} connections to its {Connections}", OfPeer, round => Rate(run(round)) / round.Peer!.Value);
            }
        }

        void Held(string reference, double least, Func<Round, double> ratio)
        {
            var ratios = rounds.ConvertAll(round => ratio(round));
            var over = string.Create(CultureInfo.InvariantCulture, $"of {reference}: middle of {Rounds} rounds, least, most");
            var seen = string.Join(", ", ((double[])[Middle(ratios), ratios.Min(), ratios.Max()]).Select(Report.Ratio));
            report.Add(new Figure(Name, over, seen, $"{least} at least", Middle(ratios) >= least));
        }

        async Task VariantAsync(string what, int port, int connections, int replicas, IReadOnlyDictionary<string, string> environment)
        {
            var seen = await MeasureAsync(owner, application, port, connections, replicas, environment, ct);
            var ratio = Rate(seen) / Middle(rounds.Select(round => Rate(round.Few)));
            report.Add(new Figure(Name, $"the same, {what}", $"{Told(seen)}, {Report.Ratio(ratio)} of 10 connections"));
        }
    }

    private double Rate(MeasuredRun run) => sizes.Mails / run.Took.TotalSeconds;

    private static double Middle(IEnumerable<double> all) => all.Order().ElementAt(Rounds / 2);

    private async Task<double> CeilingAsync(MailSink sink, int sessions, CancellationToken ct)
    {
        var count = sizes.Mails.ToString(CultureInfo.InvariantCulture);
        string[] what =
        [
            "-d",
            "-s",
            Number(sessions),
            "-m",
            count,
            "-l",
            "11000",
            "-f",
            "watch@example.com",
            "-t",
            "reader@example.org",
            sink.Address,
        ];
        var began = TimeProvider.System.GetTimestamp();
        using var source = Process.Start(MailSink.Tool("smtp-source"), what);
        await source.WaitForExitAsync(ct);
        return sizes.Mails / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Null where there is no node to run it.</summary>
    private async Task<double?> PeerAsync(MailSink sink, CancellationToken ct)
    {
        using var folder = new TemporaryFolder();
        try
        {
            await SayAsync("npm", "init", "-y");
            await SayAsync("npm", "install", "--silent", "nodemailer");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Report.Note($"nodemailer is not to be had here: {e.Message}");
            return null;
        }
        var script = Path.Combine(folder.Path, "nodemailer.js");
        await File.WriteAllTextAsync(script, Peer(), ct);
        var count = sizes.Mails / PeerShare;
        var took = await SayAsync("node", script, Number(count), Number(Connections), Number(sink.Port));
        return count / double.Parse(took.Trim(), CultureInfo.InvariantCulture);

        async Task<string> SayAsync(string file, params string[] arguments)
        {
            var start = new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                WorkingDirectory = folder.Path,
            };
            using var process = Process.Start(start) ?? throw new InvalidOperationException(file);
            var said = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{file}: exit code {process.ExitCode}");
        }
    }

    private async Task<MeasuredRun> MeasureAsync(
        NpgsqlDataSource owner,
        NpgsqlDataSource application,
        int port,
        int connections,
        int replicas,
        IReadOnlyDictionary<string, string> more,
        CancellationToken ct
    )
    {
        await DeliveryFiller.FillAsync(owner, sizes.Mails, ct);
        var environment = new Dictionary<string, string>(more, StringComparer.Ordinal)
        {
            ["MW_ConnectionStrings__MilestoneWatch"] = application.ConnectionString,
            ["MW_Mail__From"] = "Watch <watch@example.com>",
            ["MW_Smtp__Host"] = "127.0.0.1",
            ["MW_Smtp__Port"] = Number(port),
            ["MW_Smtp__Connections"] = Number(connections),
        };
        environment.TryAdd("MW_Smtp__Security", "none");
        var runs = await Task.WhenAll(Enumerable.Range(0, replicas).Select(_ => MeasuredRun.OfAsync(mw, ["deliver"], environment, ct)));
        await using var connection = await owner.OpenConnectionAsync(ct);
        var (sent, attempts) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(Ended, cancellationToken: ct));
        return (sent, attempts) == (sizes.Mails, sizes.Mails)
            ? new MeasuredRun(
                runs.Max(run => run.Took),
                runs.Max(run => run.Mebibytes),
                runs.Aggregate(TimeSpan.Zero, (sum, run) => sum + run.Cpu)
            )
            : throw new InvalidOperationException($"{sizes.Mails} mails were ready; {sent} were sent in {attempts} attempts");
    }

    /// <summary>Mails a second of each reference, and what they are compared with.</summary>
    private sealed record Round(double Ceiling, MeasuredRun Few, double CeilingOfMany, MeasuredRun Many, double? Peer)
    {
        public double Fastest => Math.Max(Ceiling, CeilingOfMany);
    }

    private string Told(MeasuredRun run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{sizes.Mails / run.Took.TotalSeconds:#,0} a second, {run.Cpu.TotalSeconds:0.0} s of CPU, {run.Mebibytes} MB"
        );

    private static string MailsOver(int connections) =>
        string.Create(CultureInfo.InvariantCulture, $"mails of 11 kB, {connections} connections");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Peer()
    {
        using var stream = typeof(DeliveryBenchmark).Assembly.GetManifestResourceStream("nodemailer.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
