using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Benchmarks;

/// <summary>Phrases read a second on one core, over the tests' own table (what is refused included), alone and as a file through `mw`.</summary>
internal static class WindowsBenchmark
{
    private const string Name = "windows";
    private const int Turns = 7;
    private const int Target = 100_000;

    public static async Task RunAsync(PublishedExecutable mw, Sizes sizes, Report report, CancellationToken ct)
    {
        var table = Table();
        // the first turn only warms up
        var rates = Enumerable.Range(0, Turns + 1).Select(_ => Read(table, ct)).Skip(1).Order().ToList();
        report.Add(
            new Figure(
                Name,
                $"PhraseReader.TryRead a second, {table.Count} phrases in turn: median of {Turns}",
                Report.Count((long)rates[Turns / 2]),
                $"at least {Report.Count(Target)}",
                rates[Turns / 2] >= Target
            )
        );
        var path = Path.Combine(mw.Folder, "phrases.txt");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, sizes.Phrases).Select(i => table[i % table.Count].Phrase), ct);
        foreach (
            string[] format in (string[][])
                [
                    ["--json"],
                    [],
                ]
        )
        {
            var took = new Samples();
            for (var i = 0; i < 3; i++)
            {
                took.Add(await mw.TimeAsync(["window", "parse", "--file", path, .. format], ct));
            }
            var rate = Report.Count((long)(sizes.Phrases / took.Median.TotalSeconds));
            var shown = string.Join(' ', ["mw window parse --file", .. format]);
            report.Add(
                new Figure(
                    Name,
                    $"{shown}, {Report.Count(sizes.Phrases)} lines: median of 3",
                    $"{took.Median.TotalSeconds:0.00} s, {rate} a second"
                )
            );
        }
    }

    private static double Read(List<(string Phrase, LocalDate On)> table, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var read = 0;
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(0.5))
        {
            ct.ThrowIfCancellationRequested();
            foreach (var (phrase, on) in table)
            {
                PhraseReader.TryRead(phrase, on, null, out _, out _);
            }
            read += table.Count;
        }
        return read / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private static List<(string Phrase, LocalDate On)> Table()
    {
        using var stream = typeof(WindowsBenchmark).Assembly.GetManifestResourceStream("windows.tsv")!;
        using var reader = new StreamReader(stream);
        var rows = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'));
        return [.. rows.Select(row => (row[0], LocalDatePattern.Iso.Parse(row[1]).Value))];
    }
}
