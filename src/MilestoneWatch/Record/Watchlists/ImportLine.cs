using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>One thing that an import records, in words. The milestone is null for what is said of the subject.</summary>
internal sealed record ImportLine(string? Milestone, string Kind, string Says)
{
    public static ImportLine Of(string slug, EntryBody body, LocalDate? on, MilestoneState? before, Definition definition) =>
        new(
            slug,
            LedgerJson.WriteEnum(body.Change.Kind),
            body.Change switch
            {
                Added { Promise: { } promise } => $"added, promised \"{promise.Phrase}\"",
                Added => "added",
                Redefined redefined => $"reworded: {string.Join(", ", Reworded(definition, redefined.Definition))}",
                Rescheduled moved when before?.Window is null => $"promised \"{moved.Promise.Phrase}\"",
                Rescheduled moved => $"moved to \"{moved.Promise.Phrase}\"",
                StatusChanged changed => $"{Domain.Words.Of(changed.Status)}{On(on)}",
                ReadingAdded reading => $"read as \"{reading.Promise.Phrase}\"{By(body)}",
                ProgressRecorded progress => string.Create(
                    CultureInfo.InvariantCulture,
                    $"progress {progress.Value} {definition.Unit}{On(on)}{By(body)}"
                ),
                EvidenceAdded { Name: { } name } evidence => $"evidence of {name}: {evidence.Relation}{By(body)}",
                EvidenceAdded => $"evidence: {Slugs.Clip(body.Quote ?? body.Note ?? "without words")}{By(body)}",
                _ => throw new InvalidOperationException($"a file does not say {body.Change.Kind}"),
            }
        );

    private static string On(LocalDate? day) => day is { } known ? $" on {LocalDatePattern.Iso.Format(known)}" : "";

    private static string By(EntryBody body) => body.Source is { } source ? $" ({source.Publisher})" : "";

    private static IEnumerable<string> Reworded(Definition was, Definition now)
    {
        var (before, after) = (Keys(was), Keys(now));
        return after
            .Select(pair => pair.Key)
            .Union(before.Select(pair => pair.Key), StringComparer.Ordinal)
            .Where(key => before[key]?.ToJsonString() != after[key]?.ToJsonString());

        static System.Text.Json.Nodes.JsonObject Keys(Definition definition) =>
            System.Text.Json.JsonSerializer.SerializeToNode(definition, LedgerJson.Options)!.AsObject();
    }
}
