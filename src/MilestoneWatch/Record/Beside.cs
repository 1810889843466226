using MilestoneWatch.Domain.Milestones;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>
/// Writes what has to be on record together with a change, in its transaction: both or neither. What stood before is null for a new milestone.
/// </summary>
internal delegate Task Beside(NpgsqlConnection connection, RecordOutcome.Recorded recorded, Milestone? before, CancellationToken ct);
