using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads milestones; which keys one may have depends on its kind.</summary>
internal sealed class MilestoneReader(
    Dictionary<string, SourceItem> sources,
    HashSet<string> sourceNames,
    LocalDate? asOf,
    Func<Fields, string> takeSlug
)
{
    private static readonly HashSet<string> Zones = new(DateTimeZoneProviders.Tzdb.Ids, StringComparer.Ordinal);

    public MilestoneItem Read(Fields fields)
    {
        var kind = fields.Word("kind", Words.Kinds, required: true);
        var (quantity, tally) = (kind == MilestoneKind.Quantity, kind == MilestoneKind.Tally);
        RefuseForeign(fields, quantity || kind is null, "a quantity", "target", "unit", "direction", "progress");
        RefuseForeign(fields, tally || kind is null, "a tally", "relations", "baseline", "threshold", "aliases");
        var title = fields.Required("title");
        var name = fields.Text("name") ?? title;
        var promised = fields.Group("promised", Promise);
        var relations = fields.Words("relations", Words.Relations, required: tally);
        var relationNames = tally ? relations.Keys.ToHashSet(StringComparer.Ordinal) : null;
        return new(
            takeSlug(fields),
            title,
            name,
            fields.Text("short_name") ?? name,
            fields.Text("outcome"),
            kind ?? MilestoneKind.Event,
            fields.Text("detail"),
            fields.Required("counts_when"),
            fields.Text("conflicts"),
            fields.Reference("zone", "IANA time zone (such as Europe/Paris)", Zones, required: promised is not null),
            fields.Number("target", required: quantity),
            fields.Text("unit", required: quantity),
            fields.Word("direction", Words.Directions, required: quantity),
            relations,
            fields.Texts("baseline", "name"),
            fields.Whole("threshold", 1, 1_000_000),
            fields.TextByName("aliases"),
            fields.Wholes("reminder_days", 0, 3650),
            fields.Whole("quiet_days", 0, 3650),
            fields.Whole("forecast_points", 1, 99),
            promised,
            fields.List("readings", Reading),
            fields.List("progress", Progress),
            fields.List("evidence", f => EvidenceReader.Read(f, sourceNames, relationNames)),
            fields.Ours(),
            fields.Line
        );
    }

    private static void RefuseForeign(Fields fields, bool fits, string kind, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (!fits && fields.Has(key))
                fields.Refuse(key, $"belongs to {kind} only; remove it or change `kind`");
        }
    }

    private Promise Promise(Fields fields)
    {
        var (on, seen) = (fields.Date("on"), fields.Date("first_seen_on"));
        var (phrase, window) = fields.Phrase("phrase", on ?? seen ?? asOf);
        return new(phrase, window, on, seen, fields.Reference("source", "source", sourceNames), fields.Line);
    }

    private Reading Reading(Fields fields)
    {
        var source = fields.ReferenceRequired("source", "source", sourceNames);
        var (phrase, window) = fields.Phrase("phrase", sources.GetValueOrDefault(source)?.PublishedOn ?? asOf);
        return new(phrase, window, fields.Text("means"), fields.Text("note"), source, fields.Flag("conflicts"), fields.Line);
    }

    private ProgressItem Progress(Fields fields) =>
        new(
            fields.Number("value", required: true) ?? 0,
            fields.Date("on"),
            fields.Text("note"),
            fields.Word("standing", Words.Standings) ?? Standing.Unclear,
            fields.Reference("source", "source", sourceNames),
            fields.Line
        );
}
