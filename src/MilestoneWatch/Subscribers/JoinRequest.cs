using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Subscribers;

/// <summary>What somebody asked for at the door; whether they are known, and who they are, is not looked up there.</summary>
/// <param name="Email">An address as <see cref="Mail.Mailbox"/> read it.</param>
/// <param name="Schedule">When mail is to come.</param>
/// <param name="Topics">"all", or slugs of subjects and milestones.</param>
/// <param name="Language">A code that we write in.</param>
internal sealed record JoinRequest(string Email, Schedule Schedule, IReadOnlyList<string> Topics, string Language);
