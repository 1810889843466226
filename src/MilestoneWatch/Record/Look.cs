using MilestoneWatch.Domain.Milestones;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Looks at a change that was made in a transaction which is then taken back: what stood before is null for a new milestone.</summary>
internal delegate Task Look(NpgsqlConnection connection, Milestone? before, Milestone after, CancellationToken ct);
