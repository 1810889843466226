namespace MilestoneWatch.Access;

/// <summary>What is asked to be on record of an analyst.</summary>
/// <param name="Name">Whom it is about; null for whoever has the address, or a new one called as its local part.</param>
/// <param name="Email">Where their mail goes; null for nowhere.</param>
/// <param name="Zone">Their IANA zone; null to leave it as it is.</param>
/// <param name="Role">What they may do; null to leave it as it is.</param>
internal sealed record Listing(string? Name, string? Email, string? Zone, Role? Role);
