using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Desk;

/// <summary>A milestone that waits for an analyst.</summary>
/// <param name="Milestone">As it stands.</param>
/// <param name="Why">Why it waits, weightiest first.</param>
/// <param name="InWords">The same in sentences.</param>
public sealed record DeskWaiting(Milestone Milestone, IReadOnlyList<Waiting> Why, string InWords);
