using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>The entries that an import is about to record, each validated against those before it.</summary>
internal sealed class ImportDrafts(Guid actor, Instant now)
{
    private readonly List<Draft> drafts = [];
    private readonly Dictionary<long, int?> expected = [];

    public int Count => drafts.Count;

    public List<ImportLine> Lines { get; } = [];

    public ImportTarget New(string slug, long id, MilestoneKind kind, DateTimeZone zone) =>
        new(slug, new Recording(id, kind, zone, drafts, now), revision: 0);

    public ImportTarget Known(Milestone milestone, IReadOnlyList<Entry> history) =>
        new(milestone.Slug, new Recording(milestone, Refold.CountedIn(history, []), drafts, now), milestone.State.Revision);

    /// <summary>Drafts an entry, and what follows from it.</summary>
    /// <returns>Its ordinal, negative until it is recorded.</returns>
    /// <exception cref="ImportRefusedException">The ledger's rules do not allow it.</exception>
    public long Add(ImportTarget target, EntryBody body, LocalDate? happenedOn, FilePlace place)
    {
        var ordinal = -(drafts.Count + 1);
        var (before, definition) = (target.State, target.Definition);
        if (target.Recording.Add(body, happenedOn, actor) is { } refusal)
            throw new ImportRefusedException(place, Explained(target, body, refusal.Reason));
        Lines.Add(ImportLine.Of(target.Slug, body, happenedOn, before, definition));
        expected.TryAdd(target.Recording.Id, target.Revision);
        return ordinal;
    }

    public async Task<IReadOnlyList<long?>> RecordAsync(NpgsqlConnection connection, CancellationToken ct) =>
        drafts.Count == 0 ? [] : await Ledger.AppendAsync(connection, now, expected, drafts, Door.Import, ct);

    private static string Explained(ImportTarget target, EntryBody body, string reason) =>
        target.State?.Status.IsFinal() == true && body.Change is Rescheduled or StatusChanged
            ? $"{reason} (`mw reopen {target.Slug} --reason TEXT`), or take this back out of the file"
            : reason;
}
