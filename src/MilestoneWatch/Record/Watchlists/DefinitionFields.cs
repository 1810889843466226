using System.Text.Json;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A watchlist's wording of a milestone, key by key: an edit of one key leaves what analysts made of the others.</summary>
internal static class DefinitionFields
{
    internal sealed record Field(string Name, string Value, Func<Definition, Definition> Apply);

    /// <summary>What the file says; a key that is absent or null says nothing. A list in another order says the same.</summary>
    public static IReadOnlyList<Field> Of(MilestoneItem item)
    {
        var fields = new List<Field>();
        Add("title", item.Title, (d, v) => d with { Title = v });
        Add("name", item.Name, (d, v) => d with { Name = v });
        Add("short_name", item.ShortName, (d, v) => d with { ShortName = v });
        Add("outcome", item.Outcome, (d, v) => d with { Outcome = v });
        Add("detail", item.Detail, (d, v) => d with { Detail = v });
        Add("counts_when", item.CountsWhen, (d, v) => d with { CountsWhen = v });
        Add("conflicts", item.Conflicts, (d, v) => d with { Conflicts = v });
        Add("unit", item.Unit, (d, v) => d with { Unit = v });
        AddValue("target", item.Target, (d, v) => d with { Target = v });
        AddValue("direction", item.Direction, (d, v) => d with { Direction = v });
        AddValue("threshold", item.Threshold, (d, v) => d with { Threshold = v });
        AddValue("quiet_days", item.QuietDays, (d, v) => d with { QuietDays = v });
        AddValue("forecast_points", item.ForecastPoints, (d, v) => d with { ForecastPoints = v });
        Add("reminder_days", item.ReminderDays, (d, v) => d with { ReminderDays = v });
        if (item.Aliases.Count > 0)
        {
            AddAny(
                "aliases",
                item.Aliases.OrderBy(pair => pair.Key, StringComparer.Ordinal),
                item.Aliases,
                (d, v) => d with { Aliases = v }
            );
        }
        if (item.Baseline.Count > 0)
        {
            AddAny("baseline", item.Baseline.Order(StringComparer.Ordinal), item.Baseline, (d, v) => d with { Baseline = v });
        }
        if (item.Relations.Count > 0)
        {
            AddAny(
                "relations",
                item.Relations.OrderBy(pair => pair.Key, StringComparer.Ordinal),
                item.Relations,
                (d, v) => d with { Relations = v }
            );
        }
        if (item.Ours.Count > 0)
        {
            Add("ours", item.Ours.Order(StringComparer.Ordinal).ToList(), (d, v) => d with { Ours = v });
        }
        return fields;

        void Add<T>(string name, T? value, Func<Definition, T, Definition> apply)
            where T : class
        {
            if (value is not null)
            {
                fields.Add(new Field(name, Json(value), d => apply(d, value)));
            }
        }

        void AddAny<T>(string name, object said, T value, Func<Definition, T, Definition> apply) =>
            fields.Add(new Field(name, Json(said), d => apply(d, value)));

        void AddValue<T>(string name, T? value, Func<Definition, T, Definition> apply)
            where T : struct
        {
            if (value is { } known)
            {
                fields.Add(new Field(name, Json(known), d => apply(d, known)));
            }
        }
    }

    public static IReadOnlyList<Field> Of(QuestionItem item) =>
        item.About.Count == 0
            ? [new Field("text", Json(item.Text), d => d with { Title = item.Text })]
            :
            [
                new Field("text", Json(item.Text), d => d with { Title = item.Text }),
                new Field("about", Json(item.About.Order(StringComparer.Ordinal)), d => d with { About = item.About }),
            ];

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, LedgerJson.Options);
}
