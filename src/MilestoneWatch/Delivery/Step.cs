namespace MilestoneWatch.Delivery;

/// <summary>What a connection asks for between two mails; either may be missing.</summary>
/// <param name="Done">The mail whose attempt has ended.</param>
/// <param name="Next">The mail that is to be sent.</param>
internal sealed record Step(Settled? Done, ClaimedDelivery? Next);
