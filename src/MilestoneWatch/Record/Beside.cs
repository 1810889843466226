using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Writes what has to be on record together with a change, in its transaction: both or neither.</summary>
internal delegate Task Beside(NpgsqlConnection connection, RecordOutcome.Recorded recorded, CancellationToken ct);
