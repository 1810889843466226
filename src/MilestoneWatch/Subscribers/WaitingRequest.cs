using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A request that was taken at the door and is not answered yet.</summary>
internal sealed record WaitingRequest(long Id, string Key, Instant AskedAt, JoinRequest Request);
