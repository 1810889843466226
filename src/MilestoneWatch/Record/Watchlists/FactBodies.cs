using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a file's facts become in the ledger.</summary>
internal static class FactBodies
{
    public static Domain.Ledger.Promise Promised(Promise promise) => new(promise.Phrase, promise.Window) { FirstSeen = promise.On is null };

    public static EntryBody Of(Reading item) =>
        Beside(new ReadingAdded(new Domain.Ledger.Promise(item.Phrase, item.Window), item.Means, item.Conflicts), item.Remarks);

    public static EntryBody Of(StatusItem item) => Beside(new StatusChanged(item.Is, item.Override), item.Remarks);

    public static EntryBody Of(ProgressItem item) =>
        Beside(new ProgressRecorded(item.Value), new Remarks(item.Note, item.Quote, item.Verbatim, item.Standing));

    public static EntryBody Of(EvidenceItem item, Definition definition) =>
        Beside(
            new EvidenceAdded(
                item.Stance,
                item.Name,
                item.Name is null ? null : TallyNames.KeyIn(definition, item.Name),
                item.Relation,
                TallyNames.Counts(definition, item.Name, item.Relation)
            ),
            new Remarks(item.Note, item.Quote, item.Verbatim, item.Standing)
        ) with
        {
            Ours = item.Ours.Contains("quote"),
        };

    public static EntryBody Beside(Change change, Remarks? remarks) =>
        new(change)
        {
            Note = remarks?.Note,
            Quote = remarks?.Quote,
            Verbatim = remarks?.Verbatim ?? false,
            Standing = remarks?.Standing,
        };
}
