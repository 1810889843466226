using System.Globalization;
using System.Text.Json;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>A milestone's wording and thresholds, as the history names them; what is not given stays as it is.</summary>
internal static class DefinitionBody
{
    private static readonly string[] Members =
    [
        "title",
        "name",
        "short_name",
        "outcome",
        "detail",
        "counts_when",
        "conflicts",
        "target",
        "unit",
        "direction",
        "baseline",
        "relations",
        "aliases",
        "remove",
        "threshold",
        "reminder_days",
        "quiet_days",
        "forecast_points",
        "about",
    ];

    public static DefinitionEdit? Read(BodyFields body)
    {
        if (body.Object("definition", Members) is not { } words)
        {
            return null;
        }
        return new DefinitionEdit
        {
            Title = words.Text("title"),
            Name = words.Text("name"),
            ShortName = words.Text("short_name"),
            Outcome = words.Text("outcome"),
            Detail = words.Text("detail"),
            CountsWhen = words.Text("counts_when"),
            Conflicts = words.Text("conflicts"),
            Target = words.Number("target"),
            Unit = words.Text("unit"),
            Direction = words.Word<Direction>("direction"),
            Baseline = words.Texts("baseline"),
            Relations = Pairs(words, "relations", (of, word) => of.Truth(word) ?? throw of.Missing(word, "write true or false")),
            Aliases = Pairs(words, "aliases", (of, name) => of.Text(name) ?? throw of.Missing(name, "write the name that it stands for")),
            Remove = words.Texts("remove"),
            Threshold = words.Whole("threshold"),
            ReminderDays = words.Has("reminder_days") ? [.. words.List("reminder_days", 20).Select(Day)] : null,
            QuietDays = words.Whole("quiet_days"),
            ForecastPoints = words.Whole("forecast_points"),
            About = words.Texts("about"),
        };
    }

    private static IReadOnlyList<(string, T)> Pairs<T>(BodyFields words, string name, Func<BodyFields, string, T> value)
    {
        if (words.Object(name, known: null) is not { } map)
        {
            return [];
        }
        try
        {
            return [.. map.Names.Select(key => (Typed.Text($"a name in {words.Path(name)}", key)!, value(map, key)))];
        }
        catch (RefusedException e)
        {
            throw words.Bad(name, e.Message, "mend it and send it again; nothing was recorded");
        }
    }

    private static int Day((JsonElement Item, string At) item) =>
        item.Item.ValueKind == JsonValueKind.Number && item.Item.TryGetInt32(out var days)
            ? days
            : throw new BadBodyException(
                item.At,
                string.Create(CultureInfo.InvariantCulture, $"{item.At} is no number of days"),
                "write digits"
            );
}
