namespace MilestoneWatch.Delivery;

/// <summary>What came of an order: all did, or why none did, a line each.</summary>
internal sealed record DeliveryOrdered(IReadOnlyList<OrderedDelivery> Done, IReadOnlyList<string> Refused);
