using NodaTime;
using NodaTime.Calendars;

namespace MilestoneWatch.Domain.Windows;

/// <summary>The calendar behind the words: which days a named period has.</summary>
internal static class Periods
{
    internal const int FirstYear = 1583;
    internal const int LastYear = 9998;
    internal const int Winter = 12;

    internal static bool IsYear(int year) => year is >= FirstYear and <= LastYear;

    internal static Stretch Week(int weekYear, int week) =>
        new(
            WeekYearRules.Iso.GetLocalDate(weekYear, week, IsoDayOfWeek.Monday),
            WeekYearRules.Iso.GetLocalDate(weekYear, week, IsoDayOfWeek.Sunday)
        );

    internal static int WeeksIn(int weekYear) => WeekYearRules.Iso.GetWeeksInWeekYear(weekYear);

    internal static int LengthInMonths(Precision kind) =>
        kind switch
        {
            Precision.Month => 1,
            Precision.Quarter or Precision.Season => 3,
            Precision.Half => 6,
            _ => 12,
        };

    /// <summary>The place of a month in the count of all months.</summary>
    internal static int MonthIndex(int year, int month) => (year * 12) + month - 1;

    internal static Stretch Months(int firstIndex, int length) => new(FirstDay(firstIndex), FirstDay(firstIndex + length).PlusDays(-1));

    /// <summary>A third: whole months where the length divides by three, else (a month) days 1–10, 11–20 and the rest.</summary>
    internal static Stretch Third(int firstIndex, int length, Part part)
    {
        var third = part switch
        {
            Part.Early => 0,
            Part.Mid => 1,
            _ => 2,
        };
        if (length % 3 == 0)
        {
            return Months(firstIndex + (third * length / 3), length / 3);
        }

        var month = Months(firstIndex, length);
        return new Stretch(month.First.PlusDays(10 * third), third == 2 ? month.Last : month.First.PlusDays((10 * third) + 9));
    }

    internal static Stretch Of(int firstIndex, int length, Part part) =>
        part == Part.Whole ? Months(firstIndex, length) : Third(firstIndex, length, part);

    internal static bool HasDay(int year, int month, int day) => day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month);

    /// <summary>A half of a month is days 1 to 15 or the rest; a week of it seven days from the 1st on, the fifth its last seven; 0 is the whole.</summary>
    internal static Stretch Within(Stretch month, int half, int week) =>
        (half, week) switch
        {
            (1, _) => month with { Last = month.First.PlusDays(14) },
            (2, _) => month with { First = month.First.PlusDays(15) },
            (_, 0) => month,
            (_, 5) => month with { First = month.Last.PlusDays(-6) },
            _ => new Stretch(month.First.PlusDays((7 * week) - 7), month.First.PlusDays((7 * week) - 1)),
        };

    /// <summary>Early is Monday and Tuesday, mid Wednesday and Thursday, late the rest.</summary>
    internal static Stretch PartOfWeek(Stretch week, Part part) =>
        part switch
        {
            Part.Whole => week,
            Part.Early => week with { Last = week.First.PlusDays(1) },
            Part.Mid => new Stretch(week.First.PlusDays(2), week.First.PlusDays(3)),
            _ => week with { First = week.First.PlusDays(4) },
        };

    private static LocalDate FirstDay(int index) => new(index / 12, (index % 12) + 1, 1);
}
