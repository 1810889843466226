using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>What a reader may wish, as options: when mail comes, about what, and in which language.</summary>
internal sealed class WishOptions
{
    private static readonly string[] Week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

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
        var cadence = parse.GetValue(_cadence) is { } word ? LedgerJson.ReadEnum<Cadence>(word) : now?.Cadence ?? Cadence.Weekly;
        var day = parse.GetValue(_day);
        return new Schedule(
            cadence,
            parse.GetValue(_at) is { } at ? Time(at) : now?.At ?? new LocalTime(8, 0),
            day is null && now?.Cadence == cadence ? now.Day : Day(cadence, day),
            parse.GetValue(_zone) is { } zone ? Zone(zone) : now?.Zone ?? LocalZone()
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

    private static LocalTime Time(string at) =>
        LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at).TryGetValue(default, out var time)
            ? time
            : throw new RefusedException($"--at \"{at}\" is no time: write it as 08:00");

    private static DateTimeZone Zone(string zone) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)
        ?? throw new RefusedException($"--zone \"{zone}\" is no IANA time zone: write it as Europe/Paris");

    private static int Day(Cadence cadence, string? day)
    {
        switch (cadence)
        {
            case Cadence.Weekly:
                var index = Array.IndexOf(Week, (day ?? "mon").ToLowerInvariant());
                return index >= 0
                    ? index + 1
                    : throw new RefusedException($"--day \"{day}\" is no day of the week: write mon, tue, wed, thu, fri, sat or sun");
            case Cadence.Monthly when day == "last":
                return 31;
            case Cadence.Monthly:
                return int.TryParse(day ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 28
                    ? number
                    : throw new RefusedException($"--day \"{day}\" is no day of every month: write 1 to 28, or last");
            default:
                return day is null ? 0 : throw new RefusedException("--day goes with --cadence weekly or monthly");
        }
    }

    private static DateTimeZone LocalZone() => DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZone.Utc;
}
