using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Subscribers;

/// <summary>Everything that a reader may choose.</summary>
/// <param name="Schedule">When mail comes.</param>
/// <param name="Topics">About what; not empty.</param>
/// <param name="Language">In which language, by its code.</param>
/// <param name="NothingChanged">Whether 28 days without news are told.</param>
internal sealed record Wanted(Schedule Schedule, IReadOnlyList<Topic> Topics, string Language, bool NothingChanged);
