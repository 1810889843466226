using System.Globalization;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A subscription in a reader's own language: what is followed, and when mail comes.</summary>
internal static class SubscriptionWords
{
    private const int Named = 3;

    /// <summary>"everything on record, every Monday at 08:00 (Paris)".</summary>
    public static string Of(Language language, Subscriber subscriber) =>
        language.Say("page.follows", ("what", What(language, subscriber.Chosen)), ("when", When(language, subscriber.Schedule)));

    public static string What(Language language, IEnumerable<Topic> topics)
    {
        var all = topics.ToList();
        if (all.Count == 0 || all.Exists(topic => topic.Kind == "all"))
        {
            return language.Say("page.everything");
        }
        var names = all.ConvertAll(topic => topic.Title ?? topic.Name ?? "");
        return names.Count <= Named
            ? string.Join(", ", names)
            : language.Count("page.more", names.Count - Named + 1, ("names", string.Join(", ", names[..(Named - 1)])));
    }

    public static string When(Language language, Schedule schedule)
    {
        var at = schedule.At.ToString("HH:mm", CultureInfo.InvariantCulture);
        var zone = City(schedule.Zone.Id);
        return schedule.Cadence switch
        {
            Cadence.Immediate => language.Say("page.when.immediate"),
            Cadence.Daily => language.Say("page.when.daily", ("at", at), ("zone", zone)),
            Cadence.Weekly => language.Say(
                "page.when.weekly",
                ("day", language.Weekday((IsoDayOfWeek)schedule.Day)),
                ("at", at),
                ("zone", zone)
            ),
            Cadence.Monthly when schedule.Day == 31 => language.Say("page.when.last", ("at", at), ("zone", zone)),
            Cadence.Monthly => language.Say("page.when.monthly", ("day", DayOfMonth(language, schedule.Day)), ("at", at), ("zone", zone)),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
        };
    }

    /// <summary>"1", "1er".</summary>
    public static string DayOfMonth(Language language, int day) =>
        day == 1 ? language.Say("date.first") : day.ToString(CultureInfo.InvariantCulture);

    /// <summary>"New York" of "America/New_York".</summary>
    public static string City(string zone) => zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');
}
