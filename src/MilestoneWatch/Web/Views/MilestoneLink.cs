using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Views;

/// <summary>A milestone or question named on another's page.</summary>
public sealed record MilestoneLink(string Slug, string Title, Status Status);
