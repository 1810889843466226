using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Desk;

/// <summary>A milestone to record something of.</summary>
internal sealed record DeskChoice(string Slug, string Called, string Subject, Status Status);
