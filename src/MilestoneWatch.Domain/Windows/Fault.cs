namespace MilestoneWatch.Domain.Windows;

/// <summary>What is wrong, and the text that would stand from <paramref name="Start"/> up to <paramref name="End"/> in a phrase nearer to one understood.</summary>
internal sealed record Fault(int Start, int End, string Message, string Instead)
{
    /// <summary>The character to point at.</summary>
    internal int At { get; init; } = Start;
}
