using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Writes windows in the Extended Date/Time Format of ISO 8601-2.</summary>
public static class Edtf
{
    /// <summary>
    /// The window as printed, never its alternative: a single expression where EDTF has one for exactly these days ("2026-35" is Q3 2026), else
    /// an interval of days ("../2027-12-31"). Null when nothing is known.
    /// </summary>
    public static string? Of(Window window)
    {
        var approximate = window.Approximate ? "~" : "";
        return (window.Earliest, window.Latest) switch
        {
            (null, null) => null,
            ({ } first, { } last) when Single(new Stretch(first, last), window.Precision) is { } single => single + approximate,
            var (first, last) => $"{End(first, approximate)}/{End(last, approximate)}",
        };
    }

    private static string End(LocalDate? date, string approximate) =>
        date is { } day ? LocalDatePattern.Iso.Format(day) + approximate : "..";

    private static string? Single(Stretch days, Precision precision)
    {
        if (PeriodNames.Of(days, precision) is not { } period)
        {
            return null;
        }

        // Codes of ISO 8601-2: 25 to 28 are the northern seasons, 33 to 36 the quarters, 37 to 39 thirds of a year, 40 and 41 the halves.
        // Winter's code does not say in which of two years it ends, so winter is an interval.
        int? code = period switch
        {
            { Part: Part.Whole, Kind: Precision.Month } => period.Number,
            { Part: Part.Whole, Kind: Precision.Quarter } => 32 + period.Number,
            { Part: Part.Whole, Kind: Precision.Half } => 39 + period.Number,
            { Part: Part.Whole, Kind: Precision.Season, Number: not Periods.Winter } => 24 + (period.Number / 3),
            { Part: not Part.Whole, Kind: Precision.Year } => 36 + (int)period.Part,
            _ => null,
        };
        var year = period.Year.ToString("0000", CultureInfo.InvariantCulture);
        return period switch
        {
            _ when code is { } number => year + "-" + number.ToString("00", CultureInfo.InvariantCulture),
            { Kind: Precision.Day } => LocalDatePattern.Iso.Format(days.First),
            { Kind: Precision.Year } => year,
            _ => null,
        };
    }
}
