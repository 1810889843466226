using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistErrorTests
{
    private const string LesUlis = "milestones[les-ulis-opening]";

    // each row: what is mistyped, how, the key that is named, and what the message says; the line is that of the mistake
    [Theory]
    [InlineData("detail: A 10", "detial: A 10", LesUlis + ".detial", "did you mean `detail`")]
    [InlineData("zone: Europe/Paris", "zona: Europe/Paris", LesUlis + ".zona", "did you mean `zone`")]
    [InlineData("as_of: 2026-06-03", "as_off: 2026-06-03", "as_off", "did you mean `as_of`")]
    [InlineData("kind: event ", "kind: evnt ", LesUlis + ".kind", "did you mean `event`")]
    [InlineData("kind: event ", "kind: question ", LesUlis + ".kind", "use one of: event, quantity, tally")]
    [InlineData("kind: event ", "kind: [event] ", LesUlis + ".kind", "must be text")]
    [InlineData("detail: A 10", "kind: event\n    detail: A 10", LesUlis + ".kind", "stands here twice, first on line 60")]
    [InlineData("  - slug: les-ulis-opening", "  - slug: Les Ulis", "milestones[0].slug", "a-z, 0-9 and single dashes")]
    [InlineData("  - slug: compute-1-gw", "  - slug: borlange-opening", "milestones[borlange-opening].slug", "taken")]
    [InlineData("slug: model-releases", "slug: compute-200-mw", "questions[compute-200-mw].slug", "taken")]
    [InlineData("    title: Les Ulis", "    detail: Les Ulis", LesUlis + ".title", "is missing; add `title: …`", -1)]
    [InlineData("zone: Europe/Paris", "zone: null", LesUlis + ".zone", "is missing")]
    [InlineData("zone: Europe/Paris", "zone: Europe/Pariss", LesUlis + ".zone", "did you mean `Europe/Paris`")]
    [InlineData("zone: Europe/Paris", "zone: UTC+2", LesUlis + ".zone", "such as Europe/Paris")]
    [InlineData("source: summit}\n", "source: sumit}\n", LesUlis + ".promised.source", "did you mean `summit`")]
    [InlineData("source: economic-times}", "source: economictimes}", LesUlis + ".readings[0].source", "did you mean `economic-times`")]
    [InlineData("via: article}\n  compute", "via: artcle}\n  compute", "sources.summit.via", "did you mean `article`")]
    [InlineData("via: article}\n  compute", "via: summit}\n  compute", "sources.summit.via", "names the source itself")]
    [InlineData("\"https://mistral.ai/news", "\"ftp://mistral.ai/news", "sources.summit.url", "starts with https://")]
    [InlineData("file: article.txt", "file: ../article.txt", "sources.article.file", "plain name")]
    [InlineData("  lowdown:  ", "  low down:  ", "sources.low down", "a-z, 0-9")]
    [InlineData(
        "relation: launch",
        "relation: lunch",
        "milestones[repeat-enterprise-adoption].evidence[2].relation",
        "did you mean `launch`"
    )]
    [InlineData("renewal: counts", "renewal: count", "milestones[repeat-enterprise-adoption].relations.renewal", "did you mean `counts`")]
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
    [InlineData("target: 200\n", "target: -200\n", "milestones[compute-200-mw].target", "no number from 0")]
    [InlineData("target: 200\n", "target: .inf\n", "milestones[compute-200-mw].target", "no number from 0")]
    [InlineData("target: 200\n", "target: .NaN\n", "milestones[compute-200-mw].target", "no number from 0")]
    [InlineData("target: 200\n", "target: 1e9\n", "milestones[compute-200-mw].target", "no number from 0")]
    [InlineData("target: 200\n", "target: 1,000\n", "milestones[compute-200-mw].target", "no number from 0")]
    [InlineData("direction: at_least", "direction: atleast", "milestones[compute-200-mw].direction", "did you mean `at_least`")]
    [InlineData(
        "direction: at_least",
        "threshold: 3\n    direction: at_least",
        "milestones[compute-200-mw].threshold",
        "belongs to a tally only"
    )]
    [InlineData("threshold: null", "threshold: 2.5", "milestones[repeat-enterprise-adoption].threshold", "whole number")]
    [InlineData("ASML, BNP Paribas", "ASML, BMW", "milestones[repeat-enterprise-adoption].baseline[3]", "listed twice")]
    [InlineData("phrase: \"Q3 2026\", on", "phrase: \"soonish\", on", LesUlis + ".promised.phrase", "cannot be read as a date")]
    [InlineData("says: its focus", "says: null, x: its focus", "quotes[1].says", "is missing")]
    [InlineData("who: Mistral AI", "who: \"\"", "quotes[1].who", "is empty")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\nAI\"", "quotes[1].who", "line break")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\0AI\"", "quotes[1].who", "NUL")]
    [InlineData("who: Mistral AI", "who: \"Mistral\\u202EAI\"", "quotes[1].who", "U+202E")]
    [InlineData("who: Mistral AI", "who: Mistral\u202EAI", "quotes[1].who", "U+202E")]
    [InlineData("who: Mistral AI", "who: Mistral\0AI", "quotes[1].who", "NUL")]
    [InlineData("who: Mistral AI", "who: Mistral\u0007AI", "quotes[1].who", "U+0007")]
    [InlineData("who: Mistral AI", "who: Mistral\u2028AI", "quotes[1].who", "U+2028")]
    [InlineData("title: Les Ulis", "title: &m Les Ulis", LesUlis + ".title", "anchor")]
    [InlineData("who: Mistral AI", "who: *m ", "quotes[1].who", "alias")]
    [InlineData("who: Mistral AI", "who: !!str Mistral AI", "quotes[1].who", "tag")]
    [InlineData("# none is a verbatim", "# none is a \u202Everbatim", "", "U+202E")]
    [InlineData("  - {who: Mistral AI", "  - {[who]: Mistral AI", "quotes[1].?", "plain word")]
    [InlineData("  - {who: Mistral AI", "  - Mistral AI\n  - {who: Mistral AI", "quotes[1]", "must be a mapping")]
    [InlineData("  - {who: Mistral AI", "  - {who: \"Mistral AI", "", "not YAML")]
    [InlineData("questions:  ", "questions: {}\nx:  ", "questions", "must be a list")]
    public void A_mistake_is_named_with_its_line_and_key(string from, string to, string key, string message, int below = 0)
    {
        var at = Founding.Yaml.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{from} is not in the founding watchlist");
        var yaml = Founding.Yaml[..at] + to + Founding.Yaml[(at + from.Length)..];

        Assert.False(WatchlistFile.TryRead(yaml, out var watchlist, out var errors));

        Assert.Null(watchlist);
        var line = yaml[..at].Count(c => c == '\n') + 1 + below;
        Assert.Contains(errors, e => e.Line == line && e.Key == key && e.Message.Contains(message, StringComparison.Ordinal));
    }
}
