using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Views;

/// <summary>One promiser on the record page.</summary>
/// <param name="Name">Whose promises.</param>
/// <param name="Record">How their first dates held.</param>
/// <param name="Phrases">The first promise's words, by the milestone's id; none where no date was promised.</param>
public sealed record PromiserRow(string Name, TrackRecord Record, IReadOnlyDictionary<long, string> Phrases);
