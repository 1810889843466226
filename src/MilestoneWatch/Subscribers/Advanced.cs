using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>Where a reader stands after a due digest.</summary>
/// <param name="Seen">As claimed.</param>
/// <param name="Position">What they know now.</param>
/// <param name="Number">Their mails so far.</param>
/// <param name="LastDigestAt">When the last one was written.</param>
/// <param name="NextDueAt">When they are due again; null for whom only changes make due.</param>
/// <param name="Paused">Whether the pause goes on.</param>
internal sealed record Advanced(Subscriber Seen, long Position, int Number, Instant? LastDigestAt, Instant? NextDueAt, bool Paused);
