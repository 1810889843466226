using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// How long readers wait for the pages while many ask: `mw serve`, as published, asked at fixed times whether it has answered or not.
/// A wait is counted from the planned instant, so that a stall costs everybody who would have asked during it.
/// </summary>
internal sealed partial class BoardBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "board";
    private const int PerSecond = 200;
    private const int EntriesEach = 8;
    private const long MostBytes = 150_000;
    private static readonly TimeSpan MostWait = TimeSpan.FromMilliseconds(50);
    private static readonly Instant Start = Instant.FromUtc(2026, 5, 28, 8, 0);

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        foreach (var milestones in (int[])[200, sizes.BoardMilestones])
        {
            var database = $"board_{milestones}";
            var (owner, application) = await cluster.MakeAsync(database, ct);
            await FillAsync(owner, milestones, ct);
            await ServeAsync(application.ConnectionString, milestones, ct);
            await cluster.DropAsync(database, ct);
        }
    }

    private static async Task FillAsync(NpgsqlDataSource owner, int milestones, CancellationToken ct)
    {
        Report.Note($"making {Report.Count(milestones)} milestones");
        var last = new Line[milestones];
        await LedgerFiller.FillAsync(owner, MilestoneKind.Quantity, Lines(last), last.Select(line => (line, (Instant?)null)), ct);
    }

    private static IEnumerable<Line> Lines(Line[] last)
    {
        var random = new Random(3);
        var at = Start;
        var position = 0L;
        for (var round = 0; round < EntriesEach; round++)
        {
            // a round is a week
            for (var index = 0; index < last.Length; index++)
            {
                at += Duration.FromDays(7) / last.Length;
                var state = last[index]?.State;
                var (body, after) = Next(random, state, position + 1, at.InZone(LedgerFiller.Zone).Date);
                yield return last[index] = new Line(index + 1, ++position, at, body, after);
            }
        }
    }

    private static (EntryBody Body, MilestoneState State) Next(Random random, MilestoneState? state, long position, LocalDate on)
    {
        while (true)
        {
            var body = state is null ? Invented.Quantity() : Invented.Next(random, state);
            if (Invented.After(state, MilestoneKind.Quantity, position, body, on) is { } after)
            {
                return (body, after);
            }
        }
    }

    private async Task ServeAsync(string connection, int milestones, CancellationToken ct)
    {
        using var home = new TemporaryFolder();
        var port = Port();
        var start = new ProcessStartInfo(Path.Combine(mw.Folder, "mw"), ["serve", "--roles", "web"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MW_ConnectionStrings__MilestoneWatch"] = connection;
        start.Environment["MW_Home"] = home.Path;
        start.Environment["MW_Urls"] = $"http://127.0.0.1:{port}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("mw");
        var said = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct);
        var complained = process.StandardError.BaseStream.CopyToAsync(Stream.Null, ct);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
            {
                BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            };
            client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
            await AnsweringAsync(client, ct);
            await MeasureAsync(client, milestones, ct);
        }
        finally
        {
            process.Kill();
            await Task.WhenAll(said, complained);
        }
    }

    private async Task MeasureAsync(HttpClient client, int milestones, CancellationToken ct)
    {
        (string What, string Address)[] pages =
        [
            ("the board", "/"),
            ("a filtered board", "/?status=delayed&kind=quantity"),
            ("page 2", "/?page=2"),
            ("an as-of board", "/?asOf=2026-06-20"),
            ("a milestone's page", $"/m/{LedgerFiller.Slug(milestones / 2)}"),
            ("200 on a page", "/?per=200"),
        ];
        foreach (var (what, address) in pages)
        {
            var first = new Samples();
            await first.TimeAsync(() => GetAsync(client, address, ct));
            var bytes = await WeightAsync(client, address, ct);
            var seen = await AskAsync(client, _ => address, ct);
            var of = $"{what} of {Report.Count(milestones)}";
            report.Add(new Figure(Name, $"{of}: sent, with its assets", $"{Report.Count(bytes)} bytes", "under 150 kB", bytes < MostBytes));
            report.Add(new Figure(Name, $"{of}: made for the first who asks", Samples.Milliseconds(first.Max)));
            Add(of, seen);
        }
        var all = (milestones + BoardQuery.UsualSize - 1) / BoardQuery.UsualSize;
        Add($"all {Report.Count(all)} pages of {Report.Count(milestones)} in turn", await AskAsync(client, i => PageOf(i % all), ct));
        // the same pages under addresses that none are kept for
        var each = new Samples();
        for (var page = 0; page < all; page++)
        {
            await each.TimeAsync(() => GetAsync(client, $"{PageOf(page)}&per=50", ct));
        }
        report.Add(
            new Figure(
                Name,
                $"all {Report.Count(all)} pages of {Report.Count(milestones)}: each made for the first who asks, p50, p99",
                Percentiles(each, [50, 99])
            )
        );

        void Add(string of, Samples seen) =>
            report.Add(
                new Figure(
                    Name,
                    $"{of}: {PerSecond} a second, p50, p95, p99",
                    Percentiles(seen, [50, 95, 99]),
                    "p99 under 50 ms",
                    seen.Percentile(99) < MostWait
                )
            );
    }

    private static string PageOf(int index) => string.Create(CultureInfo.InvariantCulture, $"/?page={index + 1}");

    private static string Percentiles(Samples seen, int[] which) =>
        string.Join(", ", which.Select(percent => Samples.Milliseconds(seen.Percentile(percent))));

    /// <summary>Asks at fixed times; waits from those times on.</summary>
    private async Task<Samples> AskAsync(HttpClient client, Func<int, string> address, CancellationToken ct)
    {
        var asked = new List<Task<TimeSpan>>();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < PerSecond * sizes.BoardSeconds; i++)
        {
            var planned = TimeSpan.FromSeconds((double)i / PerSecond);
            var early = planned - TimeProvider.System.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, ct);
            }
            asked.Add(WaitAsync(address(i), planned));
        }
        var samples = new Samples();
        foreach (var took in await Task.WhenAll(asked))
        {
            samples.Add(took);
        }
        return samples;

        async Task<TimeSpan> WaitAsync(string page, TimeSpan planned)
        {
            await GetAsync(client, page, ct);
            return TimeProvider.System.GetElapsedTime(began) - planned;
        }
    }

    private static async Task<byte[]> GetAsync(HttpClient client, string address, CancellationToken ct)
    {
        using var response = await client.GetAsync(address, ct);
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsByteArrayAsync(ct)
            : throw new InvalidOperationException($"{address}: {response.StatusCode}");
    }

    /// <summary>Bytes as sent of a page and of all that a browser fetches for it.</summary>
    private static async Task<long> WeightAsync(HttpClient client, string address, CancellationToken ct)
    {
        var page = await GetAsync(client, address, ct);
        using var unzipped = new StreamReader(
            new System.IO.Compression.GZipStream(new MemoryStream(page), System.IO.Compression.CompressionMode.Decompress)
        );
        long bytes = page.Length;
        foreach (Match asset in Asset().Matches(await unzipped.ReadToEndAsync(ct)))
        {
            bytes += (await GetAsync(client, asset.Value, ct)).Length;
        }
        return bytes;
    }

    private static async Task AnsweringAsync(HttpClient client, CancellationToken ct)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await GetAsync(client, "/health/live", ct);
                return;
            }
            catch (HttpRequestException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
            }
        }
    }

    private static int Port()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("/assets/[a-z]+\\.[0-9a-f]+\\.[a-z]+")]
    private static partial Regex Asset();
}
