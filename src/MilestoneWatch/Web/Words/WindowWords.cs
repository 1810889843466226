using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Web.Words;

/// <summary>Windows in plain words.</summary>
internal static class WindowWords
{
    /// <summary>"1 October to 31 December 2026", "until 31 December 2027", "from 1 September 2026".</summary>
    public static string Range(Window window)
    {
        var range = Range(new Bounds(window.Earliest, window.Latest));
        return window.Approximate ? $"around {range}" : range;
    }

    public static string Range(Bounds bounds) =>
        bounds switch
        {
            ({ } from, { } to) => DateWords.Range(from, to),
            (null, { } to) => $"until {DateWords.Long(to)}",
            ({ } from, null) => $"from {DateWords.Long(from)}",
            _ => "no date",
        };

    /// <summary>The other way to read an ambiguous phrase: "or until 31 December 2026".</summary>
    public static string OtherReading(Bounds alternative) => $"or {Range(alternative)}";

    /// <summary>Where the row stands against its date: "due in 38 days", "was due 97 days ago".</summary>
    public static string Due(MilestoneRow row, LocalDate today)
    {
        if (row.Settled)
        {
            return row.SettledOn is { } day ? DateWords.Long(day) : "";
        }
        return row.Promise?.Window switch
        {
            null => "no date promised",
            { Latest: { } latest } when latest < today => $"was due {DateWords.Relative(latest, today)}",
            { Latest: { } latest } => $"due {DateWords.Relative(latest, today)}",
            { Earliest: { } earliest } when earliest > today => $"not before {DateWords.Long(earliest)}",
            { Earliest: not null } => "begun, no end date",
            _ => "no date given",
        };
    }
}
