using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>Adds a change to a request, given what is on record of the milestone.</summary>
internal delegate RecordRequest ChangeStep(RecordRequest request, Milestone milestone, IReadOnlyList<Entry> history);
