using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Postgres;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A watchlist as the keys and values of its file, in their order. What is not known is left out, where the file allows that.</summary>
internal static class WatchlistTree
{
    public static JsonObject Of(Watchlist list) =>
        new Keys
        {
            {
                "subject",
                new Keys { { "slug", list.Subject.Slug }, { "name", list.Subject.Name } }
            },
            { "as_of", list.AsOf },
            { "sources", new Keys(list.Sources.Select(source => (source.Name, Of(source)))) },
            { "milestones", new JsonArray([.. list.Milestones.Select(Of)]) },
            { "questions", list.Questions.Select(Of) },
            { "quotes", list.Quotes.Select(Of) },
            { "context", list.Context.Select(Of) },
        }.Object;

    public static JsonObject Of(MilestoneItem item) =>
        new Keys
        {
            { "slug", item.Slug },
            { "title", item.Title },
            { "name", item.Name },
            { "short_name", item.ShortName },
            { "outcome", item.Outcome },
            { "kind", LedgerJson.WriteEnum(item.Kind) },
            { "detail", item.Detail },
            { "counts_when", item.CountsWhen, Keys.OrNull },
            { "conflicts", item.Conflicts },
            { "zone", item.Zone },
            { "target", item.Target, Keys.If(item.Kind == Domain.Milestones.MilestoneKind.Quantity) },
            { "unit", item.Unit, Keys.If(item.Kind == Domain.Milestones.MilestoneKind.Quantity) },
            { "direction", Word(item.Direction), Keys.If(item.Kind == Domain.Milestones.MilestoneKind.Quantity) },
            {
                "relations",
                item.Relations.Count == 0
                    ? null
                    : new Keys(
                        item.Relations.Select(pair => (pair.Key, (JsonNode)(Words.Relations.First(word => word.Value == pair.Value).Key)))
                    ).Object,
                Keys.If(item.Kind == Domain.Milestones.MilestoneKind.Tally)
            },
            { "baseline", item.Baseline },
            { "threshold", item.Threshold },
            { "aliases", new Keys(item.Aliases.Select(pair => (pair.Key, (JsonNode)pair.Value))) },
            { "reminder_days", item.ReminderDays is null ? null : new JsonArray([.. item.ReminderDays]) },
            { "quiet_days", item.QuietDays },
            { "forecast_points", item.ForecastPoints },
            { "status", item.Status is { } status ? Of(status) : null },
            { "promised", item.Promised is { } promised ? Of(promised) : null },
            { "earlier", item.Earlier.Select(Of) },
            { "readings", item.Readings.Select(Of) },
            { "progress", item.Progress.Select(Of) },
            { "evidence", item.Evidence.Select(evidence => Of(evidence)) },
            { "ours", item.Ours.Order(StringComparer.Ordinal).ToList() },
        }.Object;

    public static JsonObject Of(EvidenceItem item) =>
        new Keys
        {
            { "name", item.Name },
            { "relation", item.Relation },
            { "quote", item.Quote, Keys.OrNull },
            { "verbatim", item.Verbatim },
            { "stance", item.Stance == Stance.Unclear && !item.Ours.Contains("stance") ? null : Word<Stance>(item.Stance) },
            { "standing", item.Standing == Standing.Unclear && !item.Ours.Contains("standing") ? null : Word<Standing>(item.Standing) },
            { "on", item.On },
            { "note", item.Note },
            { "source", item.Source },
            { "ours", item.Ours.Order(StringComparer.Ordinal).ToList() },
        }.Object;

    private static JsonObject Of(SourceItem source) =>
        new Keys
        {
            { "title", source.Title },
            { "publisher", source.Publisher },
            { "url", source.Url?.OriginalString },
            { "file", source.File },
            { "via", source.Via },
            { "about", source.About },
            { "published_on", source.PublishedOn },
        }.Object;

    private static JsonObject Of(Promise promise) =>
        new Keys
        {
            { "phrase", promise.Phrase },
            { "read_as", promise.ReadAs },
            { "on", promise.On },
            { "first_seen_on", promise.FirstSeenOn },
            { "source", promise.Source },
            promise.Remarks,
        }.Object;

    private static JsonObject Of(Reading reading) =>
        new Keys
        {
            { "phrase", reading.Phrase },
            { "read_as", reading.ReadAs },
            { "means", reading.Means },
            { "source", reading.Source, Keys.OrNull },
            { "conflicts", reading.Conflicts ? true : null },
            reading.Remarks,
        }.Object;

    private static JsonObject Of(ProgressItem progress) =>
        new Keys
        {
            { "value", progress.Value },
            { "on", progress.On },
            { "source", progress.Source },
            new Remarks(progress.Note, progress.Quote, progress.Verbatim, progress.Standing == Standing.Unclear ? null : progress.Standing),
        }.Object;

    private static JsonObject Of(StatusItem status) =>
        new Keys
        {
            { "is", LedgerJson.WriteEnum(status.Is) },
            { "on", status.On },
            { "override", status.Override },
            { "source", status.Source },
            status.Remarks,
        }.Object;

    private static JsonObject Of(QuestionItem question) =>
        new Keys
        {
            { "slug", question.Slug },
            { "text", question.Text },
            { "about", question.About },
            { "source", question.Source },
            { "status", question.Status is { } status ? Of(status) : null },
            { "evidence", question.Evidence.Select(evidence => Of(evidence)) },
        }.Object;

    private static JsonObject Of(QuoteItem quote) =>
        new Keys
        {
            { "who", quote.Who },
            { "says", quote.Says },
            { "verbatim", quote.Verbatim },
            { "source", quote.Source },
        }.Object;

    private static JsonObject Of(ContextItem item) =>
        new Keys
        {
            { "on", item.On },
            { "text", item.Text },
            { "source", item.Source },
        }.Object;

    private static string? Word<T>(T? value)
        where T : struct, Enum => value is { } known ? LedgerJson.WriteEnum(known) : null;

    /// <summary>Keys in order; one without a value is left out, unless null has to be said.</summary>
    private sealed class Keys : System.Collections.IEnumerable
    {
        public const bool OrNull = true;

        public Keys() { }

        public Keys(IEnumerable<(string Key, JsonNode Value)> pairs)
        {
            foreach (var (key, value) in pairs)
                Object.Add(key, value);
        }

        public Keys(IEnumerable<(string Key, JsonObject Value)> pairs)
            : this(pairs.Select(pair => (pair.Key, (JsonNode)pair.Value))) { }

        public JsonObject Object { get; } = [];

        public static bool If(bool said) => said;

        public void Add(string key, JsonNode? value, bool orNull = false)
        {
            if (value is not null || orNull)
                Object.Add(key, value);
        }

        public void Add(string key, Keys value)
        {
            if (value.Object.Count > 0)
                Object.Add(key, value.Object);
        }

        public void Add(string key, LocalDate? day) => Add(key, day is { } known ? LocalDatePattern.Iso.Format(known) : null);

        public void Add(string key, IReadOnlyList<string> texts) => Add(key, texts.Count == 0 ? null : new JsonArray([.. texts]));

        public void Add(string key, IEnumerable<JsonObject> items)
        {
            var array = new JsonArray([.. items]);
            Add(key, array.Count == 0 ? null : array);
        }

        public void Add(Remarks remarks)
        {
            Add("note", remarks.Note);
            Add("quote", remarks.Quote);
            Add("verbatim", remarks.Verbatim ? true : null);
            Add("standing", Word(remarks.Standing));
        }

        public System.Collections.IEnumerator GetEnumerator() => Object.GetEnumerator();
    }
}
