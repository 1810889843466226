using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

public sealed class FoundingPhrasesTests
{
    public static TheoryData<string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Windows", "windows.tsv")))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var cells = line.Split('\t');
            var refused = cells[2] is "refused";
            rows.Add(cells[0], cells[1], cells[2], refused ? "" : cells[3], refused ? "" : cells[4]);
        }

        return rows;
    }

    [Fact]
    public void Every_row_is_there() => Assert.Equal(41, Rows().Count);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_phrase_is_read_as_the_table_says(string phrase, string on, string earliest, string latest, string ambiguous)
    {
        var read = PhraseReader.TryRead(phrase, Read.Day(on), null, out var window, out _);

        Assert.Equal(earliest is not "refused", read);
        if (window is not null)
        {
            Assert.Equal($"{earliest} {latest}", Read.Bounds(window));
            Assert.Equal(ambiguous is "yes", window.Ambiguous);
        }
    }
}
