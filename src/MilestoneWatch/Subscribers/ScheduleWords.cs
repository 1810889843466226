using System.Globalization;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A reader's subscription in plain words: why the mail came.</summary>
internal static class ScheduleWords
{
    private const int Named = 3;

    /// <summary>"You follow all topics, Mondays 08:00."</summary>
    public static string Of(Subscriber subscriber) => $"You follow {Titles([.. subscriber.Chosen])}, {When(subscriber.Schedule)}.";

    private static string Titles(IReadOnlyList<Topic> topics)
    {
        if (topics.Any(topic => topic.Kind == "all"))
        {
            return "all topics";
        }
        var names = topics.Select(topic => topic.Title ?? topic.Name).ToList();
        var (shown, more) = names.Count <= Named ? (names, 0) : (names[..(Named - 1)], names.Count - Named + 1);
        return string.Join(", ", shown) + (more == 0 ? "" : $" and {more.ToString(CultureInfo.InvariantCulture)} more");
    }

    public static string When(Schedule schedule)
    {
        var at = schedule.At.ToString("HH:mm", CultureInfo.InvariantCulture);
        return schedule.Cadence switch
        {
            Cadence.Immediate => "as it happens",
            Cadence.Daily => $"every day at {at}",
            Cadence.Weekly => $"{(IsoDayOfWeek)schedule.Day}s {at}",
            Cadence.Monthly when schedule.Day == 31 => $"on each month's last day at {at}",
            Cadence.Monthly => $"on day {schedule.Day.ToString(CultureInfo.InvariantCulture)} of each month at {at}",
            _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
        };
    }

    /// <summary>By slug, as the command line takes them.</summary>
    public static string Topics(IReadOnlyList<Topic> topics) =>
        topics.Any(topic => topic.Kind == "all") ? "all topics" : string.Join(", ", topics.Select(topic => topic.Name));
}
