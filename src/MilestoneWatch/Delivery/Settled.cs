using MilestoneWatch.Mail;

namespace MilestoneWatch.Delivery;

/// <summary>What becomes of a delivery whose attempt has ended.</summary>
/// <param name="Delivery">As it was leased.</param>
/// <param name="State">sent, ready, dead or unknown.</param>
/// <param name="Result">What the relay said.</param>
/// <param name="Delay">How long until it is tried again; of no account where it is not.</param>
/// <param name="Held">Whether it waits for somebody to decide instead.</param>
internal sealed record Settled(ClaimedDelivery Delivery, string State, SendResult Result, TimeSpan Delay, bool Held);
