using System.Globalization;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The small pieces that sentences are made of: dates, numbers, sources. Days and months never part at a line's end.</summary>
internal sealed class Prose(LocalDate today)
{
    private static readonly LocalDatePattern Long = LocalDatePattern.CreateWithInvariantCulture("d\u00a0MMMM\u00a0uuuu");
    private static readonly LocalDatePattern ThisYear = LocalDatePattern.CreateWithInvariantCulture("d\u00a0MMMM");
    private static readonly LocalDatePattern BriefDay = LocalDatePattern.CreateWithInvariantCulture("d\u00a0MMM");
    private static readonly LocalDatePattern BriefLong = LocalDatePattern.CreateWithInvariantCulture("d\u00a0MMM\u00a0uuuu");

    private static readonly string[] Words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

    public LocalDate Today => today;

    /// <summary>"30 September", with its year when that is not the mail's own.</summary>
    public string Day(LocalDate day) => day.Year == today.Year ? ThisYear.Format(day) : Long.Format(day);

    public static string FullDay(LocalDate day) => Long.Format(day);

    /// <summary>"28 May": beside a publisher, or in a table.</summary>
    public string Brief(LocalDate day) => day.Year == today.Year ? BriefDay.Format(day) : BriefLong.Format(day);

    public static string BriefFull(LocalDate day) => BriefLong.Format(day);

    public static string Quoted(string words) => $"\"{words}\"";

    /// <summary>A date's words where no sentence holds them: Q3 2026, but "by 2027".</summary>
    public static string Phrase(string words) => char.IsAsciiDigit(words[0]) || char.IsUpper(words[0]) ? words : Quoted(words);

    public static string Days(int count) => count == 1 ? "1\u00a0day" : $"{Number(count)}\u00a0days";

    public static string Number(decimal value) => value.ToString("#,##0.###", CultureInfo.InvariantCulture);

    public static string Analysts(int count) => count == 1 ? "1\u00a0analyst" : $"{Number(count)}\u00a0analysts";

    /// <summary>"Four changes": in words up to ten.</summary>
    public static string Count(int count, string one, string many) =>
        count == 1 ? $"One {one}"
        : count < Words.Length ? $"{Words[count]} {many}"
        : $"{Number(count)} {many}";

    /// <summary>"92 days later", or null when either end is open.</summary>
    public static string? Slip(Window from, Window to) =>
        Window.SlipInDays(from, to) switch
        {
            null => null,
            0 => "the last day is the same",
            > 0 and var days => $"{Days(days)} later",
            var days => $"{Days(-days.Value)} earlier",
        };

    /// <summary>"1 October to 31 December 2026"; an open end in words.</summary>
    public static string Span(Window window) =>
        (window.Earliest, window.Latest) switch
        {
            (null, null) => "no date given",
            ({ } from, null) => $"from {FullDay(from)} on",
            (null, { } to) => $"until {FullDay(to)}",
            ({ } from, { } to) when from == to => FullDay(to),
            ({ } from, { } to) when from.Year == to.Year => $"{ThisYear.Format(from)} to {FullDay(to)}",
            ({ } from, { } to) => $"{FullDay(from)} to {FullDay(to)}",
        };

    /// <summary>" (Mistral AI, 28 May)"; empty when nothing is known.</summary>
    public string Credit(Entry entry) => CreditParts(entry) is { Length: > 0 } parts ? $" ({parts})" : "";

    /// <summary>", w.media, 29 May": where brackets came before.</summary>
    public string CreditAfterComma(Entry entry) => CreditParts(entry) is { Length: > 0 } parts ? $", {parts}" : "";

    private string CreditParts(Entry entry)
    {
        var parts = new List<string>();
        if (entry.Body?.Source is { } source)
        {
            parts.Add(source.Publisher);
        }
        if (entry.HappenedOn is { } on)
        {
            var seen = entry.Body?.Change is Added { Promise.FirstSeen: true } or Rescheduled { Promise.FirstSeen: true };
            parts.Add((seen ? "first seen " : "") + Brief(on));
        }
        return string.Join(", ", parts);
    }

    /// <summary>"w.media, 29 May, reported: "…" https://…"; or that no source was recorded for it.</summary>
    public string Source(EntryBody body, LocalDate? on, string forWhat)
    {
        if (body.Source is not { } source)
        {
            return $"No source was recorded for {forWhat}.";
        }
        var head = source.Publisher;
        if ((source.PublishedOn ?? on) is { } day)
        {
            head += $", {Brief(day)}";
        }
        if (body.Standing is { } standing and not Standing.Unclear)
        {
            head += $", {Of(standing)}";
        }
        if (body.Quote is { } quote)
        {
            head += ": " + (body.Verbatim ? Quoted(quote) : quote);
        }
        return source.Url is { } url ? $"{head} {url}" : head;
    }

    public static string Of(Standing standing) =>
        standing switch
        {
            Standing.Confirmed => "confirmed",
            Standing.Reported => "reported",
            Standing.Claimed => "claimed",
            Standing.Unclear => "unclear",
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
        };

    /// <summary>"40 MW reported (20%)".</summary>
    public static string Progress(decimal value, Standing? standing, Definition definition)
    {
        var amount = definition.Unit is { } unit ? $"{Number(value)}\u00a0{unit}" : Number(value);
        var known = standing is { } s and not Standing.Unclear ? $" {Of(s)}" : " on record";
        var share = definition.Target is > 0 and { } target ? $" ({Number(Math.Round(value / target * 100))}%)" : "";
        return amount + known + share;
    }

    /// <summary>A sentence with its full stop, capital first.</summary>
    public static string Sentence(string words)
    {
        var text = words.Trim();
        if (text.Length == 0)
        {
            return text;
        }
        text = char.ToUpperInvariant(text[0]) + text[1..];
        return text[^1] is '.' or '!' or '?' or '…' ? text : text + ".";
    }

    /// <summary>What the ambiguous reading means: "before 2027 begins".</summary>
    public static string MeansBefore(LocalDate otherLatest)
    {
        var next = otherLatest.PlusDays(1);
        return next is { Month: 1, Day: 1 }
            ? $"before {next.Year.ToString(CultureInfo.InvariantCulture)} begins"
            : $"by {FullDay(otherLatest)}";
    }

    /// <summary>What the printed reading means: "by the end of 2027".</summary>
    public static string MeansBy(LocalDate latest) =>
        latest is { Month: 12, Day: 31 } ? $"by the end of {latest.Year.ToString(CultureInfo.InvariantCulture)}" : $"by {FullDay(latest)}";
}
