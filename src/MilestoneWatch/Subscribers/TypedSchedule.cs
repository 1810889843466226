using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Subscribers;

/// <summary>Reads a schedule from what people type, and says which of its parts cannot be read.</summary>
internal static class TypedSchedule
{
    private static readonly LocalTimePattern Hours = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>As they are typed: mon to sun.</summary>
    public static IReadOnlyList<string> Weekdays { get; } = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <param name="cadence">immediate, daily, weekly or monthly.</param>
    /// <param name="at">"08:00".</param>
    /// <param name="day">Weekly: mon to sun. Monthly: 1 to 28, or last. Otherwise unused.</param>
    /// <param name="zone">An IANA zone's id.</param>
    /// <param name="schedule">What was read.</param>
    /// <param name="wrong">The parts that cannot be read: cadence, at, day, zone.</param>
    public static bool TryRead(
        string cadence,
        string at,
        string? day,
        string zone,
        [NotNullWhen(true)] out Schedule? schedule,
        out IReadOnlyList<string> wrong
    )
    {
        Cadence? often = cadence switch
        {
            "immediate" => Cadence.Immediate,
            "daily" => Cadence.Daily,
            "weekly" => Cadence.Weekly,
            "monthly" => Cadence.Monthly,
            _ => null,
        };
        var time = Hours.Parse(at);
        var known = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone);
        var number = often is { } c ? Day(c, day) : 0;
        schedule =
            often is { } read && time.Success && known is not null && number is { } of ? new Schedule(read, time.Value, of, known) : null;
        var parts = new List<string>();
        Note(often is null, "cadence");
        Note(!time.Success, "at");
        Note(number is null, "day");
        Note(known is null, "zone");
        wrong = parts;
        return schedule is not null;

        void Note(bool isWrong, string part)
        {
            if (isWrong)
            {
                parts.Add(part);
            }
        }
    }

    /// <summary>The same parts, as they would be typed.</summary>
    public static (string Cadence, string At, string Day, string Zone) Write(Schedule schedule) =>
        (
            schedule.Cadence.ToString().ToLowerInvariant(),
            Hours.Format(schedule.At),
            schedule.Cadence switch
            {
                Cadence.Weekly => Weekdays[schedule.Day - 1],
                Cadence.Monthly when schedule.Day == 31 => "last",
                _ => schedule.Day.ToString(CultureInfo.InvariantCulture),
            },
            schedule.Zone.Id
        );

    private static int? Day(Cadence cadence, string? day)
    {
        switch (cadence)
        {
            case Cadence.Weekly:
                var index = Weekdays.ToList().IndexOf((day ?? "mon").ToLowerInvariant());
                return index >= 0 ? index + 1 : null;
            case Cadence.Monthly when day == "last":
                return 31;
            case Cadence.Monthly:
                return int.TryParse(day ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 28
                    ? number
                    : null;
            default:
                return 0;
        }
    }
}
