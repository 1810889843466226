using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// From rows in Postgres to accepted by SMTP: `mw deliver`, as published, from start to end, beside two references that send mails of the same
/// size to the same sink in the same run: Postfix's smtp-source, which composes nothing, and pooled nodemailer.
/// </summary>
internal sealed class DeliveryBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "delivery";
    private const int Connections = 10;
    private const int Many = 40;
    private const double OfCeiling = 0.45;
    private const double OfPeer = 4;
    private const int MebibytesAtMost = 150;

    private const string Ended = """
        select (select count(*) from deliveries where state = 'sent'), (select count(*) from attempts where outcome = 'Accepted')
        """;

    private static readonly string Mails = MailsOver(Connections);

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Name, ct);
        await using var sink = await MailSink.StartAsync(ct);
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        var ceiling = await CeilingAsync(sink, Connections, ct);
        var peer = await PeerAsync(sink, ct);
        var plain = await MeasureAsync(owner, application, sink.Port, Connections, replicas: 1, none, ct);
        var rate = sizes.Mails / plain.Took.TotalSeconds;
        report.Add(new Figure(Name, $"mw deliver, {Report.Count(sizes.Mails)} {Mails}", Told(plain)));
        Compare(Connections, rate, ceiling, peer);
        report.Add(
            new Figure(Name, "memory at most", $"{plain.Mebibytes} MB", $"under {MebibytesAtMost} MB", plain.Mebibytes < MebibytesAtMost)
        );
        await VariantAsync("1 connection", sink.Port, 1, 1, none);
        // against what is faster of the two
        ceiling = Math.Max(ceiling, await CeilingAsync(sink, Many, ct));
        Compare(Many, await VariantAsync($"{Many} connections", sink.Port, Many, 1, none), ceiling, peer);
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

        async Task<double> VariantAsync(
            string what,
            int port,
            int connections,
            int replicas,
            IReadOnlyDictionary<string, string> environment
        )
        {
            var seen = await MeasureAsync(owner, application, port, connections, replicas, environment, ct);
            report.Add(new Figure(Name, $"the same, {what}", $"{Told(seen)}, {Report.Ratio(plain.Took / seen.Took)} of it"));
            return sizes.Mails / seen.Took.TotalSeconds;
        }
    }

    private void Compare(int connections, double rate, double ceiling, double? peer)
    {
        var over = string.Create(CultureInfo.InvariantCulture, $"{connections} connections");
        report.Add(
            new Figure(Name, $"of smtp-source, {over}", Report.Ratio(rate / ceiling), $"{OfCeiling} at least", rate / ceiling >= OfCeiling)
        );
        if (peer is { } theirs)
        {
            report.Add(
                new Figure(Name, $"of nodemailer, {over}", Report.Ratio(rate / theirs), $"{OfPeer} at least", rate / theirs >= OfPeer)
            );
        }
    }

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
        var rate = sizes.Mails / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        report.Add(
            new Figure(Name, $"smtp-source -d, {Report.Count(sizes.Mails)} {MailsOver(sessions)}", $"{Report.Count((long)rate)} a second")
        );
        return rate;
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
        // a fifth will do: its rate does not change
        var count = sizes.Mails / 5;
        var took = await SayAsync("node", script, Number(count), Number(Connections), Number(sink.Port));
        var rate = count / double.Parse(took.Trim(), CultureInfo.InvariantCulture);
        report.Add(new Figure(Name, $"nodemailer, pooled, {Report.Count(count)} {Mails}", $"{Report.Count((long)rate)} a second"));
        return rate;

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
