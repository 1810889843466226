namespace MilestoneWatch.Delivery;

/// <summary>A leased delivery in the line to a lane.</summary>
/// <param name="Delivery">What was leased.</param>
/// <param name="Shared">Its rendering's shared segments; none if the rendering is gone.</param>
/// <param name="NotBefore">When its turn is, as a timestamp of the run's time.</param>
internal sealed record Leased(ClaimedDelivery Delivery, ReadOnlyMemory<byte>[] Shared, long NotBefore);
