using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A reader's subscription in plain words: why the mail came. English where no language is named.</summary>
internal static class ScheduleWords
{
    private const int Named = 3;

    /// <summary>"You follow all topics, Mondays 08:00."</summary>
    public static string Of(Subscriber subscriber, Language? language = null)
    {
        var speaks = language ?? Language.English;
        return speaks.Say(
            "schedule.follows",
            ("topics", Titles([.. subscriber.Chosen], speaks)),
            ("when", When(subscriber.Schedule, speaks))
        );
    }

    /// <summary>"all topics, Mondays 08:00 (Paris)": what they get, and when.</summary>
    public static string Gets(Subscriber subscriber, Language language)
    {
        var schedule = subscriber.Schedule;
        var when = When(schedule, language);
        return language.Join(
            "text.comma",
            [
                Titles([.. subscriber.Chosen], language),
                schedule.Cadence == Cadence.Immediate
                    ? when
                    : language.Say("schedule.in_zone", ("when", when), ("zone", City(schedule.Zone.Id))),
            ]
        );
    }

    private static string Titles(IReadOnlyList<Topic> topics, Language language)
    {
        if (topics.Any(topic => topic.Kind == "all"))
        {
            return language.Say("schedule.all_topics");
        }
        var names = topics.Select(topic => topic.Title ?? topic.Name ?? "").ToList();
        var (shown, more) = names.Count <= Named ? (names, 0) : (names[..(Named - 1)], names.Count - Named + 1);
        var told = language.Join("text.comma", shown);
        return more == 0 ? told : language.Count("text.and_more", more, ("what", told));
    }

    public static string When(Schedule schedule, Language? language = null)
    {
        var speaks = language ?? Language.English;
        var at = ("time", speaks.Time(schedule.At));
        return schedule.Cadence switch
        {
            Cadence.Immediate => speaks.Say("schedule.immediate"),
            Cadence.Daily => speaks.Say("schedule.daily", at),
            Cadence.Weekly => speaks.Say("schedule.weekly", ("weekday", speaks.Weekday((IsoDayOfWeek)schedule.Day)), at),
            Cadence.Monthly when schedule.Day == 31 => speaks.Say("schedule.monthly_last", at),
            Cadence.Monthly => speaks.Say("schedule.monthly", ("day", speaks.DayNumber(schedule.Day)), at),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
        };
    }

    /// <summary>By slug, as the command line takes them.</summary>
    public static string Topics(IReadOnlyList<Topic> topics) =>
        topics.Any(topic => topic.Kind == "all")
            ? Language.English.Say("schedule.all_topics")
            : string.Join(", ", topics.Select(topic => topic.Name));

    /// <summary>"New York" of "America/New_York".</summary>
    private static string City(string zone) => zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ');
}
