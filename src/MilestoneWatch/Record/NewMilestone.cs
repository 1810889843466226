using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>A milestone that is to be put on the watchlist. Without a subject it belongs to the only one there is.</summary>
internal sealed record NewMilestone(
    string Slug,
    MilestoneKind Kind,
    DateTimeZone Zone,
    string? Subject,
    Definition Definition,
    Promise? Promise
);
