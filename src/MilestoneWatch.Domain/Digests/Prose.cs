using System.Globalization;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The small pieces that a mail's sentences are made of, in its language and seen from its day.</summary>
internal sealed class Prose(Language language, LocalDate today)
{
    public static Prose Of(DigestInput input) => new(input.Language, input.Now.InZone(input.Zone).Date);

    public Language Language => language;

    public LocalDate Today => today;

    /// <summary>"30 September", with its year when that is not the mail's own.</summary>
    public string Day(LocalDate day) => day.Year == today.Year ? language.Day(day) : language.FullDay(day);

    /// <summary>"28 May": beside a publisher, or in a table.</summary>
    public string Brief(LocalDate day) => day.Year == today.Year ? language.BriefDay(day) : language.BriefFullDay(day);

    public int DaysSince(LocalDate day) => Period.DaysBetween(day, today);

    /// <summary>A date's words where no sentence holds them: Q3 2026, but "by 2027".</summary>
    public string Phrase(string words) => char.IsAsciiDigit(words[0]) || char.IsUpper(words[0]) ? words : language.Quoted(words);

    /// <summary>A dated milestone's words as printed; ours, without quotation marks, where they were redacted.</summary>
    public string Promised(Milestone milestone) =>
        milestone.Phrase is { } phrase ? language.Quoted(phrase)
        : milestone.State.Window is { } window ? WindowPhrase.Print(window)
        : "";

    /// <summary>"no opening", "nothing": what is not on record.</summary>
    public string Nothing(Definition definition) =>
        definition.Outcome is { } outcome ? language.Say("text.no_outcome", ("outcome", outcome)) : language.Say("text.nothing");

    /// <summary>"92 days later", or null when either end is open.</summary>
    public string? Slip(Window from, Window to) => Words.Slip(from, to, language);

    /// <summary>"1 October to 31 December 2026"; an open end in words.</summary>
    public string Span(Window window) => Words.Of(new Bounds(window.Earliest, window.Latest), language);

    /// <summary>"what (aside)".</summary>
    public string Aside(string what, string aside) => language.Say("text.aside", ("what", what), ("aside", aside));

    /// <summary>"one, other".</summary>
    public string Comma(params IEnumerable<string> parts) => language.Join("text.comma", parts);

    /// <summary>"what (Mistral AI, 28 May)"; what alone when nothing is known.</summary>
    public string Credited(string what, Entry? entry) => Credit(entry) is { Length: > 0 } credit ? Aside(what, credit) : what;

    /// <summary>"what, w.media, 29 May": where brackets came before.</summary>
    public string CreditedAfterComma(string what, Entry entry) => Credit(entry) is { Length: > 0 } credit ? Comma(what, credit) : what;

    private string Credit(Entry? entry)
    {
        var parts = new List<string>();
        if (entry?.Body?.Source is { } source)
        {
            parts.Add(source.Publisher);
        }
        if (entry?.HappenedOn is { } on)
        {
            var seen = entry.Body?.Change is Added { Promise.FirstSeen: true } or Rescheduled { Promise.FirstSeen: true };
            parts.Add(seen ? language.Say("text.first_seen", ("day", Brief(on))) : Brief(on));
        }
        return Comma(parts);
    }

    /// <summary>"w.media, 29 May, reported: "…" https://…"; null when no source was recorded.</summary>
    public string? Source(EntryBody body, LocalDate? on)
    {
        if (body.Source is not { } source)
        {
            return null;
        }
        var head = source.Publisher;
        if ((source.PublishedOn ?? on) is { } day)
        {
            head = Comma(head, Brief(day));
        }
        if (body.Standing is { } standing and not Standing.Unclear)
        {
            head = Comma(head, Words.Of(standing, language));
        }
        if (body.Quote is { } quote)
        {
            head = language.Join("text.colon", [head, Said(body, quote)]);
        }
        return source.Url is { } url ? $"{head} {url}" : head;
    }

    /// <summary>A quote as it was: in quotation marks only where they are the source's own words.</summary>
    public string Said(EntryBody body, string quote) => body.Verbatim ? language.Quoted(quote) : quote;

    /// <summary>"40 MW reported (20%)".</summary>
    public string Progress(decimal value, Standing? standing, Definition definition)
    {
        var amount = Amount(value, definition.Unit);
        var known = standing is { } s and not Standing.Unclear ? Words.Of(s, language) : language.Say("text.on_record");
        return definition.Target is > 0 and { } target
            ? language.Say(
                "text.progress_share",
                ("amount", amount),
                ("standing", known),
                ("share", language.Percent(Math.Round(value / target, 2)))
            )
            : language.Say("text.progress", ("amount", amount), ("standing", known));
    }

    public string Amount(decimal value, string? unit) => unit is null ? language.Number(value) : $"{language.Number(value)}\u00a0{unit}";

    /// <summary>A sentence with its full stop, capital first.</summary>
    public static string Sentence(string words)
    {
        var text = Language.Capitalised(words.Trim());
        return text.Length == 0 || text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
    }

    /// <summary>What the ambiguous reading means: "before 2027 begins".</summary>
    public string MeansBefore(LocalDate otherLatest)
    {
        var next = otherLatest.PlusDays(1);
        return next is { Month: 1, Day: 1 }
            ? language.Say("text.before_year", ("year", Year(next)))
            : language.Say("text.by_day", ("day", language.FullDay(otherLatest)));
    }

    /// <summary>What the printed reading means: "by the end of 2027".</summary>
    public string MeansBy(LocalDate latest) =>
        latest is { Month: 12, Day: 31 }
            ? language.Say("text.by_year_end", ("year", Year(latest)))
            : language.Say("text.by_day", ("day", language.FullDay(latest)));

    private static string Year(LocalDate day) => day.Year.ToString(CultureInfo.InvariantCulture);
}
