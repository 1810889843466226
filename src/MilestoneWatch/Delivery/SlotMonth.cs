using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A month, in UTC, of due slots: what is partitioned by due slot has a table of its own for each.</summary>
internal readonly record struct SlotMonth(int Year, int Month)
{
    /// <summary>Stands in a statement behind the name of a partitioned table.</summary>
    private const string Mark = "/*month*/";

    public static SlotMonth Of(Instant slot)
    {
        var day = slot.InUtc().Date;
        return new(day.Year, day.Month);
    }

    /// <summary>As the tables' names end: "2026_11".</summary>
    public static SlotMonth Named(string name) =>
        new(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), int.Parse(name.AsSpan(5), CultureInfo.InvariantCulture));

    /// <summary>The statement on this month's tables alone, so that it opens no other month's.</summary>
    public string On(string sql) =>
        sql.Replace(Mark, string.Create(CultureInfo.InvariantCulture, $"_{Year:0000}_{Month:00}"), StringComparison.Ordinal);
}
