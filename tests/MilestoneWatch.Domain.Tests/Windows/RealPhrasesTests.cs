using System.Globalization;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

/// <summary>Dates as companies, agencies, journalists and maintainers really promised them; real-phrases.tsv says where each was found.</summary>
public sealed class RealPhrasesTests(ITestOutputHelper output)
{
    /// <summary>Phrases that name days and are refused all the same: a clock in another zone may be on another day, and "vehicles" is no known word.</summary>
    private static readonly string[] StillRefused =
    [
        "no earlier than (NET) at 15:56 EDT (19:56 UTC) on June 30",
        "due to open to vehicles by Christmas",
    ];

    public static IEnumerable<TheoryDataRow<string, string, string, string>> Rows() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Windows", "real-phrases.tsv"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => new TheoryDataRow<string, string, string, string>(
                cells[0],
                cells[1],
                cells[2],
                cells[3] is "refused" ? "refused" : string.Join(' ', cells[3..8])
            ));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_real_phrase_is_read_as_its_source_means_it(string phrase, string on, string fiscalYearStarts, string meaning) =>
        Assert.Equal(StillRefused.Contains(phrase) ? "refused" : meaning, ReadAs(phrase, on, fiscalYearStarts));

    [Fact]
    public void Nearly_all_real_phrases_are_read_and_none_wrong()
    {
        var rows = Rows().Select(row => (Meaning: row.Data.Item4, Read: ReadAs(row.Data.Item1, row.Data.Item2, row.Data.Item3))).ToList();
        var dated = rows.Count(row => row.Meaning is not "refused");
        var read = rows.Count(row => row.Read is not "refused");
        var right = rows.Count(row => row.Read is not "refused" && row.Read == row.Meaning);

        output.WriteLine($"{rows.Count} phrases, {dated} name days; {read} are read, {right} of those right");
        Assert.Equal((185, 176, 174, 174), (rows.Count, dated, read, right));
    }

    /// <summary>"earliest latest precision ambiguous approximate", or "refused".</summary>
    private static string ReadAs(string phrase, string on, string fiscalYearStarts)
    {
        int? starts = fiscalYearStarts is "-" ? null : int.Parse(fiscalYearStarts, CultureInfo.InvariantCulture);
        return PhraseReader.TryRead(phrase, Read.Day(on), starts, out var window, out _)
            ? $"{Read.Bounds(window)} {window.Precision.ToString().ToLowerInvariant()} {YesNo(window.Ambiguous)} {YesNo(window.Approximate)}"
            : "refused";
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
