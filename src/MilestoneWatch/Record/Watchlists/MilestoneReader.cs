using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads milestones; which keys one may have depends on its kind.</summary>
internal sealed class MilestoneReader(PromiseReader promises, HashSet<string> sourceNames, Func<Fields, string> takeSlug)
{
    private static readonly HashSet<string> Zones = new(DateTimeZoneProviders.Tzdb.Ids, StringComparer.Ordinal);

    public MilestoneItem Read(Fields fields)
    {
        var kind = fields.Word("kind", Words.Kinds, required: true);
        var (quantity, tally) = (kind == MilestoneKind.Quantity, kind == MilestoneKind.Tally);
        RefuseForeign(fields, quantity || kind is null, "a quantity", "target", "unit", "direction", "progress");
        RefuseForeign(fields, tally || kind is null, "a tally", "relations", "baseline", "threshold", "aliases");
        fields.MustStand("counts_when");
        foreach (
            var key in quantity ? ["target", "unit", "direction"]
            : tally ? ["relations"]
            : Array.Empty<string>()
        )
            fields.MustStand(key);
        var promised = fields.Group("promised", promises.Promise);
        var relations = fields.Words("relations", Words.Relations);
        var relationNames = tally ? relations.Keys.ToHashSet(StringComparer.Ordinal) : null;
        return new(
            takeSlug(fields),
            fields.Required("title"),
            fields.Text("name"),
            fields.Text("short_name"),
            fields.Text("outcome"),
            kind ?? MilestoneKind.Event,
            fields.Prose("detail"),
            fields.Text("counts_when"),
            fields.Text("conflicts"),
            fields.Reference("zone", "IANA time zone (such as Europe/Paris)", Zones, required: promised is not null),
            fields.Number("target"),
            fields.Text("unit"),
            fields.Word("direction", Words.Directions),
            relations,
            fields.Texts("baseline", "name"),
            fields.Whole("threshold", 1, 1_000_000),
            fields.TextByName("aliases"),
            fields.Wholes("reminder_days", 0, 3650),
            fields.Whole("quiet_days", 0, 3650),
            fields.Whole("forecast_points", 1, 99),
            fields.Group("status", f => EvidenceReader.Status(f, Words.Statuses, sourceNames)),
            promised,
            promises.Earlier(fields, promised),
            fields.List("readings", promises.Reading),
            fields.List("progress", Progress),
            fields.List("evidence", f => EvidenceReader.Read(f, sourceNames, relationNames)),
            fields.Ours(),
            fields.KeyLines(),
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

    private ProgressItem Progress(Fields fields) =>
        new(
            fields.Number("value", required: true) ?? 0,
            fields.Date("on"),
            fields.Prose("note"),
            fields.Prose("quote"),
            fields.Flag("verbatim"),
            fields.Word("standing", Words.Standings) ?? Standing.Unclear,
            fields.Reference("source", "source", sourceNames),
            fields.Line
        );
}
