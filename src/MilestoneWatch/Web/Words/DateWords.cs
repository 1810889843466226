using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Web.Words;

/// <summary>Dates as a reader says them.</summary>
internal static class DateWords
{
    private static readonly LocalDatePattern LongPattern = LocalDatePattern.CreateWithInvariantCulture("d MMMM uuuu");

    private static readonly LocalDatePattern DayMonthPattern = LocalDatePattern.CreateWithInvariantCulture("d MMMM");

    /// <summary>"30 September 2026".</summary>
    public static string Long(LocalDate date) => LongPattern.Format(date);

    /// <summary>"2026-09-30", for machines.</summary>
    public static string Iso(LocalDate date) => LocalDatePattern.Iso.Format(date);

    /// <summary>"1 October to 31 December 2026": the year once where it is the same.</summary>
    public static string Range(LocalDate from, LocalDate to) =>
        from == to ? Long(to)
        : from.Year == to.Year ? $"{DayMonthPattern.Format(from)} to {Long(to)}"
        : $"{Long(from)} to {Long(to)}";

    /// <summary>"today", "tomorrow", "in 38 days", "97 days ago"; in months past 200 days, in years past two.</summary>
    public static string Relative(LocalDate date, LocalDate today)
    {
        var days = Period.DaysBetween(today, date);
        return days switch
        {
            0 => "today",
            1 => "tomorrow",
            -1 => "yesterday",
            > 0 => $"in {Span(days)}",
            _ => $"{Span(-days)} ago",
        };
    }

    /// <summary>"+92 days", "−1 day": later is positive.</summary>
    public static string Slip(int days) => days == 0 ? "same day" : $"{(days > 0 ? '+' : '−')}{Days(Math.Abs(days))}";

    /// <summary>"92 days later", "1 day earlier".</summary>
    public static string Moved(int days) => days == 0 ? "same last day" : $"{Days(Math.Abs(days))} {(days > 0 ? "later" : "earlier")}";

    public static string Days(int days) => string.Create(CultureInfo.InvariantCulture, $"{days:#,0} {(days == 1 ? "day" : "days")}");

    /// <summary>"4 October 2026, 09:12 Paris".</summary>
    public static string Time(Instant instant, DateTimeZone zone)
    {
        var local = instant.InZone(zone).LocalDateTime;
        var clock = local.TimeOfDay.ToString("HH:mm", CultureInfo.InvariantCulture);
        var city = zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ');
        return $"{Long(local.Date)}, {clock} {city}";
    }

    private static string Span(int days) =>
        days switch
        {
            <= 200 => Days(days),
            < 730 => $"{(int)Math.Round(days / 30.44)} months",
            _ => $"{(int)Math.Round(days / 365.25)} years",
        };
}
