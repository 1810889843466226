using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistRefusalTests
{
    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_lines()
    {
        var yaml = Founding
            .Yaml.Replace("source: article}", "source: artikel}", StringComparison.Ordinal)
            .Replace("target: ", "target: minus ", StringComparison.Ordinal)
            .Replace("as_of: 2026", "as_of: 26", StringComparison.Ordinal);
        WatchlistFile.TryRead(yaml, out _, out var errors);
        Assert.Equal(1 + 2 + 8 + 4 + 2, errors.Count);
        Assert.Equal(errors.Select(e => e.Line).Order(), errors.Select(e => e.Line));
        Assert.Equal(errors.Count, errors.Select(e => e.Key).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void One_mistake_is_one_error()
    {
        WatchlistFile.TryRead(
            Founding.Yaml.Replace("who: Mistral AI", "who: Mistral\u202EAI", StringComparison.Ordinal),
            out _,
            out var errors
        );
        Assert.Single(errors);
    }

    [Fact]
    public void A_text_may_have_4000_characters_and_no_more()
    {
        Assert.True(WatchlistFile.TryRead(With(4000), out _, out _));
        WatchlistFile.TryRead(With(4001), out _, out var errors);
        Assert.Equal("is 4001 characters long; 4000 at most", Assert.Single(errors).Message);

        static string With(int length) =>
            Founding.Yaml.Replace("who: Mistral AI", $"who: {new string('x', length)}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_is_refused_and_a_pair_is_not()
    {
        Assert.True(
            WatchlistFile.TryRead(
                Founding.Yaml.Replace("who: Mistral AI", "who: \"Mistral \U0001F680\"", StringComparison.Ordinal),
                out _,
                out _
            )
        );
        WatchlistFile.TryRead(
            Founding.Yaml.Replace("who: Mistral AI", "who: Mistral \uD83D", StringComparison.Ordinal),
            out _,
            out var errors
        );
        Assert.Equal(("quotes[1].who", "holds half of a character (U+D83D); remove it"), (Assert.Single(errors).Key, errors[0].Message));
    }

    [Fact]
    public void A_file_over_a_mebibyte_is_refused_unread()
    {
        var padding = new string('x', 1024 * 1024 - Founding.Yaml.Length - 200);
        WatchlistFile.TryRead($"{Founding.Yaml}\n# {padding}{padding}", out _, out var errors);
        Assert.Contains("1048576 at most", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("just a sentence")]
    [InlineData("- a\n- b")]
    [InlineData("null")]
    [InlineData("...\nph!")]
    [InlineData("subject: {slug: a, name: b}\nmilestones: []\n---\nsubject: c")]
    public void A_file_that_is_no_watchlist_is_refused(string yaml)
    {
        Assert.False(WatchlistFile.TryRead(yaml, out _, out var errors));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void An_alias_bomb_is_refused_for_what_it_is()
    {
        var yaml = "a: &a [x, x, x, x, x, x, x, x, x]\n";
        for (var c = 'b'; c <= 'z'; c++)
            yaml += $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n";
        WatchlistFile.TryRead(yaml, out _, out var errors);
        Assert.Contains(errors, e => e.Message.Contains("alias", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused(string opening)
    {
        WatchlistFile.TryRead(string.Concat(Enumerable.Repeat(opening, 100_000)), out _, out var errors);
        Assert.Contains(errors, e => e.Message.Contains("not YAML", StringComparison.Ordinal));
    }
}
