namespace MilestoneWatch.Faults;

/// <summary>A mail that the sink took: which, and a hash of its bytes.</summary>
internal sealed record LoggedMail(string Recipient, string MessageId, string Hash);
