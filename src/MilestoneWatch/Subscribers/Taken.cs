using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>What came of taking one of a window's allowance.</summary>
/// <param name="Given">Whether there was one left.</param>
/// <param name="Left">How many are left now.</param>
/// <param name="Until">How long until the window ends.</param>
internal readonly record struct Taken(bool Given, int Left, Duration Until);
