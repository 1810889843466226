namespace MilestoneWatch.Domain.Windows;

/// <summary>The months in English.</summary>
internal static class MonthNames
{
    private static readonly string[] Names =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    /// <param name="month">1 to 12.</param>
    internal static string Of(int month) => Names[month - 1];
}
