using System.Globalization;

namespace MilestoneWatch.Benchmarks;

/// <summary>One line of the table. The target is DESIGN's; null where the line is there to compare with.</summary>
internal sealed record Figure(string Benchmark, string What, string Seen, string? Target = null, bool? Held = null);

/// <summary>The machine and the figures: told as they come, then as one table, plain or markdown.</summary>
internal sealed class Report
{
    private readonly List<(string What, string Value)> _machine = [];
    private readonly List<Figure> _figures = [];

    public void Machine(string what, string value) => _machine.Add((what, value));

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        Note($"{figure.What}: {figure.Seen}{Verdict(figure, ", ")}");
    }

    /// <summary>Progress, on standard error: standard output is the table alone.</summary>
    public static void Note(string line) => Console.Error.WriteLine($"  {line}");

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}");

    public string Plain()
    {
        var lines = _machine.Select(line => $"{line.What, -12}{line.Value}").Append("").ToList();
        var widths = (_figures.Max(f => f.Benchmark.Length), _figures.Max(f => f.What.Length), _figures.Max(f => f.Seen.Length));
        lines.AddRange(
            _figures.Select(f =>
                string.Concat(
                        f.Benchmark.PadRight(widths.Item1 + 2),
                        f.What.PadRight(widths.Item2 + 2),
                        f.Seen.PadRight(widths.Item3 + 2),
                        Verdict(f, "")
                    )
                    .TrimEnd()
            )
        );
        return string.Join('\n', lines);
    }

    public string Markdown()
    {
        var lines = new List<string> { string.Join("; ", _machine.Select(line => $"{line.What}: {line.Value}")) + ".", "" };
        lines.Add("| benchmark | what | seen | target |");
        lines.Add("|---|---|---|---|");
        lines.AddRange(_figures.Select(f => $"| {f.Benchmark} | {f.What} | {f.Seen} | {Verdict(f, "")} |"));
        return string.Join('\n', lines);
    }

    private static string Verdict(Figure figure, string before) =>
        figure.Target is { } target ? $"{before}{target}: {(figure.Held == true ? "held" : "NOT HELD")}" : "";
}
