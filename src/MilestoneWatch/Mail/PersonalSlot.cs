namespace MilestoneWatch.Mail;

/// <summary>One place between two shared segments: whose value goes there, and whether it stands inside HTML.</summary>
internal sealed record PersonalSlot(string Name, bool Html);
