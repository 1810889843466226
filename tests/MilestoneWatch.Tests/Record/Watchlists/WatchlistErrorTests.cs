using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistErrorTests
{
    private const string LesUlis = "milestones[les-ulis-opening]";

    // each row: what is mistyped, how, the key that is named, and what the message says; the line is that of the mistake
    [Theory]
    [InlineData("detail: A 10", "detial: A 10", LesUlis + ".detial", "did you mean `detail`")]
    [InlineData(
        "zone: Europe/Paris",
        "zona: Europe/Paris",
        LesUlis + ".zona",
        "did you mean `zone`"
    )]
    [InlineData("as_of: 2026-06-03", "as_off: 2026-06-03", "as_off", "did you mean `as_of`")]
    [InlineData("kind: event ", "kind: evnt ", LesUlis + ".kind", "did you mean `event`")]
    [InlineData(
        "kind: event ",
        "kind: question ",
        LesUlis + ".kind",
        "use one of: event, quantity, tally"
    )]
    [InlineData("kind: event ", "kind: [event] ", LesUlis + ".kind", "must be text")]
    [InlineData(
        "detail: A 10",
        "kind: event\n    detail: A 10",
        LesUlis + ".kind",
        "stands here twice, first on line 58",
        1
    )]
    [InlineData(
        "  - slug: les-ulis-opening",
        "  - slug: Les Ulis",
        "milestones[0].slug",
        "a-z, 0-9 and single dashes"
    )]
    [InlineData(
        "  - slug: compute-1-gw",
        "  - slug: borlange-opening",
        "milestones[borlange-opening].slug",
        "taken"
    )]
    [InlineData(
        "slug: model-releases",
        "slug: compute-200-mw",
        "questions[compute-200-mw].slug",
        "taken"
    )]
    [InlineData(
        "    title: Les Ulis",
        "    detail: Les Ulis",
        LesUlis + ".title",
        "is missing; add `title: …`",
        -1
    )]
    [InlineData("zone: Europe/Paris", "zone: null", LesUlis + ".zone", "is missing")]
    [InlineData(
        "zone: Europe/Paris",
        "zone: Europe/Pariss",
        LesUlis + ".zone",
        "did you mean `Europe/Paris`"
    )]
    [InlineData("zone: Europe/Paris", "zone: UTC+2", LesUlis + ".zone", "such as Europe/Paris")]
    [InlineData(
        "source: summit}\n",
        "source: sumit}\n",
        LesUlis + ".promised.source",
        "did you mean `summit`"
    )]
    [InlineData(
        "source: economic-times}",
        "source: economictimes}",
        LesUlis + ".readings[0].source",
        "did you mean `economic-times`"
    )]
    [InlineData(
        "via: article}\n  compute",
        "via: artcle}\n  compute",
        "sources.summit.via",
        "did you mean `article`"
    )]
    [InlineData(
        "via: article}\n  compute",
        "via: summit}\n  compute",
        "sources.summit.via",
        "names the source itself"
    )]
    [InlineData(
        "\"https://mistral.ai/news",
        "\"ftp://mistral.ai/news",
        "sources.summit.url",
        "starts with https://"
    )]
    [InlineData("file: article.txt", "file: ../article.txt", "sources.article.file", "plain name")]
    [InlineData("  lowdown:  ", "  low down:  ", "sources.low down", "a-z, 0-9")]
    [InlineData(
        "relation: launch",
        "relation: lunch",
        "milestones[repeat-enterprise-adoption].evidence[2].relation",
        "did you mean `launch`"
    )]
    [InlineData(
        "renewal: counts",
        "renewal: count",
        "milestones[repeat-enterprise-adoption].relations.renewal",
        "did you mean `counts`"
    )]
    [InlineData(
        "stance: unclear",
        "stance: maybe",
        "milestones[bruyeres-le-chatel-opening].evidence[0].stance",
        "use one of: supports, contradicts, unclear"
    )]
    [InlineData(
        "standing: reported, on",
        "standing: rumoured, on",
        "milestones[bruyeres-le-chatel-opening].evidence[0].standing",
        "confirmed, reported, claimed, unclear"
    )]
    [InlineData(
        "verbatim: false, stance",
        "verbatim: no, stance",
        "milestones[bruyeres-le-chatel-opening].evidence[0].verbatim",
        "neither true nor false"
    )]
    [InlineData(
        "ours: [quote, stance]",
        "ours: [quote, stand]",
        "milestones[bruyeres-le-chatel-opening].evidence[0].ours[1]",
        "there is no key beside it `stand`"
    )]
    [InlineData(
        "compute-200-mw], source",
        "compute-20-mw], source",
        "questions[compute-on-schedule].about[1]",
        "did you mean `compute-200-mw`"
    )]
    [InlineData("as_of: 2026-06-03", "as_of: 2026-06-31", "as_of", "write it as 2026-05-28")]
    [InlineData("as_of: 2026-06-03", "as_of: 0001-06-03", "as_of", "from 1900 to 2200")]
    [InlineData(
        "target: 200\n",
        "target: -200\n",
        "milestones[compute-200-mw].target",
        "no number from 0"
    )]
    [InlineData(
        "target: 200\n",
        "target: .inf\n",
        "milestones[compute-200-mw].target",
        "no number from 0"
    )]
    [InlineData(
        "target: 200\n",
        "target: .NaN\n",
        "milestones[compute-200-mw].target",
        "no number from 0"
    )]
    [InlineData(
        "target: 200\n",
        "target: 1e9\n",
        "milestones[compute-200-mw].target",
        "no number from 0"
    )]
    [InlineData(
        "target: 200\n",
        "target: 1,000\n",
        "milestones[compute-200-mw].target",
        "no number from 0"
    )]
    [InlineData(
        "direction: at_least",
        "direction: atleast",
        "milestones[compute-200-mw].direction",
        "did you mean `at_least`"
    )]
    [InlineData(
        "direction: at_least",
        "threshold: 3\n    direction: at_least",
        "milestones[compute-200-mw].threshold",
        "belongs to a tally only"
    )]
    [InlineData(
        "threshold: null",
        "threshold: 2.5",
        "milestones[repeat-enterprise-adoption].threshold",
        "whole number"
    )]
    [InlineData(
        "ASML, BNP Paribas",
        "ASML, BMW",
        "milestones[repeat-enterprise-adoption].baseline[3]",
        "listed twice"
    )]
    [InlineData(
        "phrase: \"Q3 2026\", on",
        "phrase: \"soonish\", on",
        LesUlis + ".promised.phrase",
        "cannot be read as a date"
    )]
    [InlineData("says: its focus", "says: null, x: its focus", "quotes[1].says", "is missing")]
    [InlineData("who: Mistral AI", "who: \"\"", "quotes[1].who", "is empty")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\nAI\"", "quotes[1].who", "line break")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\0AI\"", "quotes[1].who", "NUL")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\u202EAI\"", "quotes[1].who", "U+202E")]
    [InlineData("who: Mistral AI", "who: Mistral\u202EAI", "quotes[1].who", "U+202E")]
    [InlineData("who: Mistral AI", "who: Mistral\0AI", "quotes[1].who", "NUL")]
    [InlineData("who: Mistral AI", "who: Mistral\u0007AI", "quotes[1].who", "U+0007")]
    [InlineData("who: Mistral AI", "who: Mistral\u2028AI", "quotes[1].who", "U+2028")]
    [InlineData("who: Mistral AI", "who: &m \"Mistral AI\"", "quotes[1].who", "anchor")]
    [InlineData("who: Mistral AI", "who: *m ", "quotes[1].who", "alias")]
    [InlineData("who: Mistral AI", "who: !!str Mistral AI", "quotes[1].who", "tag")]
    [InlineData("# none is a verbatim", "# none is a \u202Everbatim", "", "U+202E")]
    [InlineData("  - {who: Mistral AI", "  - {[who]: Mistral AI", "quotes[1].?", "plain word")]
    [InlineData(
        "  - {who: Mistral AI",
        "  - Mistral AI\n  - {who: Mistral AI",
        "quotes[1]",
        "must be a mapping"
    )]
    [InlineData("  - {who: Mistral AI", "  - {who: \"Mistral AI", "", "not YAML")]
    [InlineData("questions:  ", "questions: {}\nx:  ", "questions", "must be a list")]
    public void A_mistake_is_named_with_its_line_and_key(
        string from,
        string to,
        string key,
        string message,
        int below = 0
    )
    {
        var at = Founding.Yaml.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{from} is not in the founding watchlist");
        var yaml = Founding.Yaml[..at] + to + Founding.Yaml[(at + from.Length)..];

        Assert.False(WatchlistFile.TryRead(yaml, out var watchlist, out var errors));

        Assert.Null(watchlist);
        var line = yaml[..at].Count(c => c == '\n') + 1 + below;
        Assert.Contains(
            errors,
            e =>
                e.Line == line
                && e.Key == key
                && e.Message.Contains(message, StringComparison.Ordinal)
        );
    }

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
        Assert.Equal(
            errors.Count,
            errors.Select(e => e.Key).Distinct(StringComparer.Ordinal).Count()
        );
    }

    [Fact]
    public void One_mistake_is_one_error()
    {
        WatchlistFile.TryRead(
            Founding.Yaml.Replace(
                "who: Mistral AI",
                "who: Mistral\u202EAI",
                StringComparison.Ordinal
            ),
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
            Founding.Yaml.Replace(
                "who: Mistral AI",
                $"who: {new string('x', length)}",
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void A_lone_surrogate_is_refused_and_a_pair_is_not()
    {
        Assert.True(
            WatchlistFile.TryRead(
                Founding.Yaml.Replace(
                    "who: Mistral AI",
                    "who: \"Mistral \U0001F680\"",
                    StringComparison.Ordinal
                ),
                out _,
                out _
            )
        );
        WatchlistFile.TryRead(
            Founding.Yaml.Replace(
                "who: Mistral AI",
                "who: Mistral \uD83D",
                StringComparison.Ordinal
            ),
            out _,
            out var errors
        );
        Assert.Equal(
            ("quotes[1].who", "holds half of a character (U+D83D); remove it"),
            (Assert.Single(errors).Key, errors[0].Message)
        );
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
        WatchlistFile.TryRead(
            string.Concat(Enumerable.Repeat(opening, 100_000)),
            out _,
            out var errors
        );
        Assert.Contains(errors, e => e.Message.Contains("not YAML", StringComparison.Ordinal));
    }
}
