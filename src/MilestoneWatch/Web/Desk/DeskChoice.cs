using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Desk;

/// <summary>A milestone to record something of.</summary>
public sealed record DeskChoice(string Slug, string Called, string Subject, Status Status);
