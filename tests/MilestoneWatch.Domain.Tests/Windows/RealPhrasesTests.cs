using System.Globalization;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

/// <summary>
/// Dates as companies, agencies, journalists and maintainers really promised them; the files say where each was found. The reader was grown for the
/// first file, of which it read 54, all right; of the second, gathered afterwards, it then read 35, of which 31 right.
/// </summary>
public sealed class RealPhrasesTests(ITestOutputHelper output)
{
    /// <summary>
    /// Phrases that name days and are refused all the same: a clock in another zone may be on another day, words may be unknown, "2006/07" may be a
    /// month, and "2 more weeks" may be after them.
    /// </summary>
    private static readonly string[] StillRefused =
    [
        "no earlier than (NET) at 15:56 EDT (19:56 UTC) on June 30",
        "Wednesday, July 10, between 7:00 PM PDT and 11:31 PM PDT",
        "Thursday, August 27, 2020 at 4:30 p.m. Eastern Time (ET)",
        "due to open to vehicles by Christmas",
        "fly the Vulcan in December",
        "on track for first concentrate production in Q4 of next year",
        "on track for an initial phase 2 data readout later this year",
        "at the end of the third quarter of 2023, likely in September",
        "pushed back another six months, from mid-2025 to the end of 2025",
        "planned for 2006/07",
        "probably 2 more weeks",
    ];

    public static IEnumerable<TheoryDataRow<string, string, string, string>> Rows() => [.. Rows("real"), .. Rows("unseen")];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_real_phrase_is_read_as_its_source_means_it(string phrase, string on, string fiscalYearStarts, string meaning) =>
        Assert.Equal(StillRefused.Contains(phrase) ? "refused" : meaning, ReadAs(phrase, on, fiscalYearStarts));

    [Theory]
    [InlineData("real", 185, 176, 174)]
    [InlineData("unseen", 55, 55, 46)]
    public void Nearly_all_real_phrases_are_read_and_none_wrong(string file, int phrases, int withDays, int right)
    {
        var rows = Rows(file)
            .Select(row => (Meaning: row.Data.Item4, Read: ReadAs(row.Data.Item1, row.Data.Item2, row.Data.Item3)))
            .ToList();
        var dated = rows.Count(row => row.Meaning is not "refused");
        var read = rows.Where(row => row.Read is not "refused").ToList();
        var correct = read.Count(row => row.Read == row.Meaning);

        output.WriteLine($"{file}: {rows.Count} phrases, {dated} name days; {read.Count} are read, {correct} of those right");
        Assert.Equal((phrases, withDays, right, right), (rows.Count, dated, read.Count, correct));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_real_phrase_is_not_refused_without_a_nearest_one_that_is_read(
        string phrase,
        string on,
        string fiscalYearStarts,
        string meaning
    )
    {
        _ = (fiscalYearStarts, meaning);
        Assert.True(
            PhraseReader.TryRead(phrase, Read.Day(on), null, out _, out var error)
                || PhraseReader.TryRead(error.Nearest, Read.Day(on), null, out _, out _)
        );
    }

    private static IEnumerable<TheoryDataRow<string, string, string, string>> Rows(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Windows", $"{file}-phrases.tsv"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => new TheoryDataRow<string, string, string, string>(
                cells[0],
                cells[1],
                cells[2],
                cells[3] is "refused" ? "refused" : string.Join(' ', cells[3..8])
            ));

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
