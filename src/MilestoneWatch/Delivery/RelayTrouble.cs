using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A relay that takes no mail.</summary>
/// <param name="Trouble">What it said, or what we saw.</param>
/// <param name="RestUntil">When a probe may be sent, by the database's clock.</param>
/// <param name="Rested">Whether that is over.</param>
internal sealed record RelayTrouble(string Trouble, Instant RestUntil, bool Rested);
