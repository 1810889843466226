using CsCheck;
using MilestoneWatch.Cli;

namespace MilestoneWatch.Tests.Cli;

public sealed class SheetTests
{
    [Fact]
    public void Text_is_broken_at_blanks_only_and_nothing_of_it_is_lost() =>
        Gen.Select(Gen.String, Gen.Int[1, 100])
            .Sample(
                (text, width) =>
                {
                    var lines = Sheet.Wrap(text, width).ToList();
                    Assert.All(lines, line => Assert.True(line.Length <= width || !line.Contains(' ', StringComparison.Ordinal)));
                    Assert.DoesNotContain(string.Concat(lines), char.IsControl);
                    Assert.Equal(
                        string.Concat(text.Where(letter => !char.IsControl(letter) && letter != ' ')),
                        string.Concat(lines).Replace(" ", "", StringComparison.Ordinal)
                    );
                }
            );

    [Fact]
    public void Blocks_are_one_blank_line_apart()
    {
        var sheet = new Sheet(80);
        sheet.Break();
        sheet.Paragraph("One");
        sheet.Break();
        sheet.Break();
        sheet.Item("Two", "three");

        Assert.Equal(["One", "", "Two            three"], sheet.Lines.Select(line => line.Text));
    }
}
