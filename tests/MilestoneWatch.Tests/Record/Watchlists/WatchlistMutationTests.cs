using CsCheck;
using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistMutationTests
{
    private static readonly string[] Pieces =
    [
        "",
        " ",
        "\n",
        "\n  ",
        "\t",
        ":",
        ": ",
        "- ",
        "#",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!!int ",
        "|",
        ">-",
        "'",
        "\"",
        "\\",
        "%",
        "@",
        "`",
        "\0",
        "\uD800",
        "\uDC00",
        "\u202E",
        "\uFEFF",
        "\u0085",
        "\u2028",
        "---\n",
        "...\n",
        "? ",
        "<<: *a",
        "null",
        "~",
        "-1",
        "9e999",
        "2026-13-45",
        "\r",
        "é",
        "\U0001F680",
    ];

    private static readonly Gen<string> Mutated =
        from edits in Gen.Select(
            Gen.Int[0, Founding.Yaml.Length],
            Gen.Int[0, 40],
            Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])
        ).Array[1, 6]
        select edits.Aggregate(Founding.Yaml, Edit);

    [Fact]
    public void Any_mutation_is_read_or_refused_with_reasons() => Mutated.Sample(Holds, iter: Runs);

    [Fact]
    public void Any_text_is_read_or_refused_with_reasons() =>
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[0, 5])
            .Array[0, 60]
            .Select(string.Concat)
            .Sample(Holds, iter: Runs);

    [Theory]
    [InlineData("x: y\n")]
    [InlineData("-\n")]
    [InlineData("a\0b: &a [*a, \u202E]\n")]
    [InlineData("\u202E")]
    [InlineData("\"\\u202E\": ")]
    [InlineData("? a\n: b\n")]
    public void A_hostile_file_is_cheap(string piece)
    {
        var yaml = string.Concat(Enumerable.Repeat(piece, 1_000_000 / System.Text.Encoding.UTF8.GetByteCount(piece)));
        Bounded(yaml);
    }

    [Theory]
    [InlineData("subject: {slug: a, name: b}\nmilestones:\n", "- {zone: Europe/Pariss, kind: evnt}\n")]
    [InlineData("subject: {slug: a, name: b}\nmilestones: []\nsources:\n", "  a{0}: {{publisher: p, via: a{0}x}}\n")]
    [InlineData("subject: {slug: a, name: b}\nmilestones: []\nquestions:\n", "  - {{slug: q{0}, text: t, about: [q]}}\n")]
    public void A_long_list_of_mistakes_gives_a_bounded_answer(string head, string row) =>
        Bounded(
            head
                + string.Concat(
                    Enumerable
                        .Range(0, 20_000)
                        .Select(i =>
                            row.Replace("{0}", $"{i}", StringComparison.Ordinal)
                                .Replace("{{", "{", StringComparison.Ordinal)
                                .Replace("}}", "}", StringComparison.Ordinal)
                        )
                )
        );

    private static long Runs => 1_000;

    private static void Bounded(string yaml)
    {
        Assert.False(WatchlistFile.TryRead(yaml, out _, out var errors));
        Assert.InRange(errors.Count, 1, 501);
    }

    private static bool Holds(string yaml)
    {
        var read = WatchlistFile.TryRead(yaml, out var watchlist, out var errors);
        var lines = yaml.Count(c => c is '\n' or '\r') + 1;
        return read == (watchlist is not null)
            && read == (errors.Count == 0)
            && errors.All(e => e.Line >= 1 && e.Line <= lines + 1 && e.Message.Length > 0);
    }

    private static string Edit(string yaml, (int At, int Length, string Piece) edit)
    {
        var at = Math.Min(edit.At, yaml.Length);
        return yaml[..at] + edit.Piece + yaml[Math.Min(yaml.Length, at + edit.Length)..];
    }
}
