using System.CommandLine;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>What a reader may wish, as options: when mail comes, about what, and in which language.</summary>
internal sealed class WishOptions
{
    private readonly Option<string?> _cadence = new("--cadence") { Description = "immediate, daily, weekly (the default) or monthly" };
    private readonly Option<string?> _at = new("--at") { Description = "The local time", HelpName = "08:00" };
    private readonly Option<string?> _day = new("--day")
    {
        Description = "Weekly: mon to sun (mon). Monthly: 1 to 28, or last (1)",
        HelpName = "mon|1",
    };
    private readonly Option<string?> _zone = new("--zone") { Description = "The reader's time zone", HelpName = "Europe/Paris" };
    private readonly Option<string?> _topics = new("--topics")
    {
        Description = "all (the default), or slugs of subjects and milestones, with commas",
        HelpName = "all|SLUG,…",
    };
    private readonly Option<string?> _language = new("--language")
    {
        Description = $"The language of the mails: {string.Join(" or ", Language.Codes)}",
        HelpName = "en",
    };

    public WishOptions(Command command)
    {
        _cadence.AcceptOnlyFromAmong("immediate", "daily", "weekly", "monthly");
        foreach (var option in new Option[] { _cadence, _at, _day, _zone, _topics, _language })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>When mail comes; what was not given stays as it is, or is the default for a new reader.</summary>
    /// <exception cref="RefusedException">A time, zone or day cannot be read.</exception>
    public Schedule Schedule(ParseResult parse, Schedule? now)
    {
        var (cadence, at, day, zone) = now is null ? ("weekly", "08:00", null, LocalZone().Id) : TypedSchedule.Write(now);
        var given = parse.GetValue(_cadence) ?? cadence;
        day = parse.GetValue(_day) ?? (given == cadence ? day : null);
        (at, zone) = (parse.GetValue(_at) ?? at, parse.GetValue(_zone) ?? zone);
        if (parse.GetValue(_day) is not null && given is "immediate" or "daily")
        {
            throw new RefusedException("--day goes with --cadence weekly or monthly");
        }
        return TypedSchedule.TryRead(given, at, day, zone, out var schedule, out var wrong)
            ? schedule
            : throw new RefusedException(
                wrong[0] switch
                {
                    "at" => $"--at \"{at}\" is no time: write it as 08:00",
                    "zone" => $"--zone \"{zone}\" is no IANA time zone: write it as Europe/Paris",
                    _ when given == "weekly" => $"--day \"{day}\" is no day of the week: write mon, tue, wed, thu, fri, sat or sun",
                    _ => $"--day \"{day}\" is no day of every month: write 1 to 28, or last",
                }
            );
    }

    /// <summary>The slugs that were given; null where none were.</summary>
    /// <exception cref="RefusedException">The option names nothing.</exception>
    public IReadOnlyList<string>? Topics(ParseResult parse)
    {
        var given = parse.GetValue(_topics)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return given is []
            ? throw new RefusedException("--topics names nothing: write all, or slugs with commas; `mw milestone list` shows them")
            : given;
    }

    /// <exception cref="RefusedException">We do not write in that language.</exception>
    public string? Code(ParseResult parse) =>
        parse.GetValue(_language) is not { } code ? null
        : Language.Codes.Contains(code, StringComparer.Ordinal) ? code
        : throw new RefusedException($"--language \"{code}\": mails are written in {string.Join(" and ", Language.Codes)}");

    private static DateTimeZone LocalZone() => DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZone.Utc;
}
