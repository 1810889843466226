using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Writes a window as the phrase that an editor would print.</summary>
public static class WindowPhrase
{
    /// <summary>
    /// The canonical phrase, absolute ("next quarter" prints as "Q3 2026"). Read on any day without a fiscal year's start it gives
    /// the same bounds, approximate flag and alternative, as long as the dates are in the years 1583 to 9998 and in order.
    /// </summary>
    public static string Print(Window window)
    {
        var core = Words(window.Earliest, window.Latest, window.Precision);
        if (window.Alternative is { } other)
        {
            core = Ambiguous(window, other) ?? $"{core} (or {Words(other.Earliest, other.Latest, Precision.Unknown)})";
        }

        var bothEnds = window is { Earliest: not null, Latest: not null };
        return (window.Approximate, bothEnds) switch
        {
            (true, true) => $"around {core}",
            (true, false) => $"{core} (approx.)",
            _ => core,
        };
    }

    /// <summary>The words that are ambiguous in just this way: "by 2027", "winter 2026".</summary>
    private static string? Ambiguous(Window window, Bounds other)
    {
        if (window is { Earliest: null, Latest: { } latest } && other is { Earliest: null, Latest: { } before } && before < latest)
        {
            var period = PeriodNames.Of(new Stretch(before.PlusDays(1), latest), window.Precision);
            return period is { } p && p.Kind != Precision.Day && p.Part != Part.Late ? $"by {Name(p)}" : null;
        }

        if (window is { Earliest: { } from, Latest: { } to } && new Bounds(from, to) == other)
        {
            return Fiscal(PeriodNames.Of(new Stretch(from, to), window.Precision));
        }

        if (window is { Earliest: { } first, Latest: { } last, Precision: Precision.Season } && first.Month == Periods.Winter)
        {
            var index = Periods.MonthIndex(first.Year, Periods.Winter);
            return Periods.Months(index, 3) == new Stretch(first, last) && Periods.Months(index - 12, 3).Bounds == other
                ? Name(PeriodReader.Named(Precision.Season, Periods.Winter, first.Year))
                : null;
        }

        return null;
    }

    /// <summary>Without a start month FY2027 has the same days in both readings.</summary>
    private static string? Fiscal(NamedPeriod? period) =>
        period is { Part: Part.Whole, Kind: Precision.Year or Precision.Quarter or Precision.Half } p
            ? Name(p).Replace(Year(p.Year), "FY" + Year(p.Year), StringComparison.Ordinal)
            : null;

    private static string Words(LocalDate? earliest, LocalDate? latest, Precision precision) =>
        (earliest, latest) switch
        {
            ({ } first, { } last) => Days(new Stretch(first, last), precision),
            (null, { } last) => Latest(last),
            ({ } first, null) => $"from {Start(first, precision)}",
            _ => "TBD",
        };

    private static string Days(Stretch days, Precision precision)
    {
        if (PeriodNames.Of(days, precision) is { } period && !(period is { Kind: Precision.Season, Number: Periods.Winter }))
        {
            return Name(period);
        }

        var months = days.First.Day == 1 && IsMonthEnd(days.Last);
        var years = months && days.First.Month == 1 && days.Last.Month == 12;
        return years ? $"{Year(days.First.Year)} to {Year(days.Last.Year)}"
            : months ? $"{Month(days.First)} to {Month(days.Last)}"
            : $"{Day(days.First)} to {Day(days.Last)}";
    }

    private static string Latest(LocalDate last) =>
        last is { Month: 12, Day: 31 } ? $"by the end of {Year(last.Year)}"
        : IsMonthEnd(last) ? $"by the end of {Month(last)}"
        : $"by {Day(last)}";

    private static string Start(LocalDate first, Precision precision) =>
        first.Day != 1 || precision == Precision.Day ? Day(first)
        : first.Month == 1 ? Year(first.Year)
        : Month(first);

    private static string Name(NamedPeriod period)
    {
        var year = Year(period.Year);
        var whole = period.Kind switch
        {
            Precision.Day => Day(new LocalDate(period.Year, period.Number, period.Day)),
            Precision.Week => string.Create(CultureInfo.InvariantCulture, $"week {period.Number} of {year}"),
            Precision.Month => $"{MonthNames.Of(period.Number)} {year}",
            Precision.Quarter => string.Create(CultureInfo.InvariantCulture, $"Q{period.Number} {year}"),
            Precision.Half => string.Create(CultureInfo.InvariantCulture, $"H{period.Number} {year}"),
            Precision.Season => $"{SeasonName(period.Number)} {year}",
            _ => year,
        };
        return period.Part switch
        {
            Part.Whole => whole,
            Part.Early => $"early {whole}",
            Part.Mid => $"mid {whole}",
            _ => $"late {whole}",
        };
    }

    private static string SeasonName(int firstMonth) =>
        firstMonth switch
        {
            3 => "spring",
            6 => "summer",
            9 => "autumn",
            _ => "winter",
        };

    private static bool IsMonthEnd(LocalDate date) => date.Day == date.Calendar.GetDaysInMonth(date.Year, date.Month);

    private static string Day(LocalDate date) => string.Create(CultureInfo.InvariantCulture, $"{date.Day} {Month(date)}");

    private static string Month(LocalDate date) => $"{MonthNames.Of(date.Month)} {Year(date.Year)}";

    private static string Year(int year) => year.ToString("0000", CultureInfo.InvariantCulture);
}
