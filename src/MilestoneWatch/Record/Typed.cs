using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>What people type at a door, a command's option or a page's field, read once; what cannot be is refused with its name.</summary>
internal static class Typed
{
    // two days that no date without a year, and none that is relative, is read alike from
    private static readonly LocalDate[] Anchors = [new(2000, 1, 1), new(2013, 7, 2)];

    /// <summary>A text without the blanks round it; null stays null.</summary>
    /// <exception cref="RefusedException">No page, mail or database should meet it.</exception>
    public static string? Text(string what, string? text)
    {
        var trimmed = text?.Trim();
        return trimmed is not null && Wording.WhyNot(trimmed) is { } why ? throw new RefusedException($"{what} {why}") : trimmed;
    }

    /// <exception cref="RefusedException">It names no one day, with its year.</exception>
    public static LocalDate Day(string what, string text) =>
        TryDay(text, out var day)
            ? day
            : throw new RefusedException(
                $"{what} \"{text}\" is no day of the years 1583 to 9998: write it as 2026-09-30 or 30 September 2026"
            );

    /// <summary>A phrase that names one day, with its year.</summary>
    public static bool TryDay(string text, out LocalDate day)
    {
        var days = Anchors.Select(anchor => DayFrom(text, anchor)).Distinct().ToList();
        day = days is [{ } one] ? one : default;
        return days is [not null];
    }

    /// <summary>A promised date with its words as printed.</summary>
    /// <param name="phrase">The words.</param>
    /// <param name="said">The day of the promise, to which relative words refer; today, in UTC, if nobody says.</param>
    /// <param name="clock">Says what today is.</param>
    /// <param name="fiscalYearStarts">Month in which fiscal years start, or null.</param>
    /// <param name="what">What the words are called where they were typed.</param>
    /// <exception cref="RefusedException">It is not understood: the place and the nearest that is.</exception>
    public static Promise Promise(string phrase, LocalDate? said, IClock clock, int? fiscalYearStarts, string what = "PHRASE")
    {
        var text = Text(what, phrase)!;
        return PhraseReader.TryRead(text, said ?? clock.GetCurrentInstant().InUtc().Date, fiscalYearStarts, out var window, out var error)
            ? new Promise(text, window)
            : throw new RefusedException(Explain(text, error));
    }

    /// <summary>A source as a web address or a name.</summary>
    public static SourceNamed Source(string what, string text)
    {
        var named = Text(what, text)!;
        return Uri.TryCreate(named, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new SourceNamed(url.Host, Url: named)
            : new SourceNamed(named);
    }

    /// <summary>When something was read: an instant, or a day, which means its end.</summary>
    /// <exception cref="RefusedException">It is neither.</exception>
    public static Instant At(string what, string text) =>
        AsOfInstant.TryRead(text, out var at)
            ? at
            : throw new RefusedException($"{what} \"{text}\" is neither an instant (2026-10-01T06:00:00Z) nor a date (2026-10-01)");

    /// <summary>A reading of a quantity.</summary>
    /// <exception cref="RefusedException">It is no number that can be one.</exception>
    public static decimal Quantity(string what, string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e15m
            ? number
            : throw new RefusedException($"{what} \"{text}\" is no number from 0 to below 10^15: write digits, with a point for decimals");

    /// <summary>The last day of what a phrase names: what a forecast's point is by.</summary>
    /// <exception cref="RefusedException">It is not understood, or open at its end.</exception>
    public static LocalDate LastDay(string what, string phrase, LocalDate today) =>
        !PhraseReader.TryRead(phrase, today, null, out var window, out var error) ? throw new RefusedException(Explain(phrase, error))
        : window.Latest is { } latest ? latest
        : throw new RefusedException($"{what} \"{phrase}\" has no last day to forecast: give a date, such as 2026-12-31");

    /// <exception cref="RefusedException">It is none.</exception>
    public static DateTimeZone Zone(string what, string id) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)
        ?? throw new RefusedException($"{what} \"{id}\" is no IANA time zone: write it as Europe/Paris or UTC");

    /// <summary>What is wrong, where, and the nearest phrase that would do.</summary>
    public static string Explain(string phrase, PhraseError error) =>
        $"\"{phrase}\" is no date that is understood: {error.Message} (at place {error.Position}); did you mean \"{error.Nearest}\"?";

    private static LocalDate? DayFrom(string text, LocalDate anchor) =>
        PhraseReader.TryRead(text, anchor, null, out var window, out _)
        && window is { Precision: Precision.Day, Approximate: false }
        && window.Earliest == window.Latest
            ? window.Earliest
            : null;
}
