using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Words;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web.Desk;

/// <summary>Reads what the desk shows: what waits, and what was recorded.</summary>
internal static class DeskReader
{
    /// <summary>What waits for analysts, weightiest first, and every milestone for those who look for another.</summary>
    public static async Task<(IReadOnlyList<DeskWaiting> Waiting, IReadOnlyList<DeskChoice> All)> WaitingAsync(
        NpgsqlConnection connection,
        Instant now,
        CancellationToken ct
    )
    {
        var all = await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct);
        var waiting = all.Select(milestone => (Milestone: milestone, Why: Attention.Of(milestone, now)))
            .Where(item => item.Why.Count > 0)
            .OrderBy(item => item.Why[0])
            .Select(item => new DeskWaiting(item.Milestone, item.Why, Nudge.Why(item.Milestone, item.Why, now)));
        return ([.. waiting], [.. all.Select(m => new DeskChoice(m.Slug, m.Definition.Called(), m.SubjectName, m.State.Status))]);
    }

    /// <summary>Rows of the trail in words.</summary>
    public static async Task<IReadOnlyList<DeskEntry>> InWordsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<AuditRow> rows,
        CancellationToken ct
    )
    {
        if (rows.Count == 0)
        {
            return [];
        }
        var entries = await LedgerReader.AtAsync(connection, [.. rows.Select(row => row.Position)], ct);
        var milestones = (
            await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: [.. rows.Select(row => row.MilestoneId).Distinct()])
        ).ToDictionary(milestone => milestone.Id);
        return [.. rows.Select(row => Tell(row, entries[row.Position], milestones[row.MilestoneId].Definition))];
    }

    private static DeskEntry Tell(AuditRow row, Entry entry, Definition definition) =>
        new()
        {
            Position = row.Position,
            RecordedAt = entry.RecordedAt,
            Analyst = row.Analyst,
            Door = row.Door,
            Slug = row.Slug,
            Called = definition.Called(),
            KindWord = entry.Kind switch
            {
                EntryKind.Retracted => "Taken back",
                EntryKind.Redacted => "Words removed",
                _ => StorySentence.Kind(entry),
            },
            Sentence = entry.Body?.Change switch
            {
                Retracted back => $"Entry {NumberWords.Number(back.Position)}: {back.Reason.TrimEnd('.')}.",
                Redacted removed => $"Of entry {NumberWords.Number(removed.Position)}: {removed.Reason.TrimEnd('.')}.",
                _ => StorySentence.Of(entry, [], definition),
            },
            Note = entry.Body?.Note,
            Source = entry.Body?.Source?.Publisher,
            Retracted = row.RetractedBy is not null,
            CanBeRetracted = row.RetractedBy is null && entry.Kind.CanBeRetracted(),
        };
}
