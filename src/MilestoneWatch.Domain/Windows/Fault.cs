namespace MilestoneWatch.Domain.Windows;

/// <summary>What is wrong with the characters from <paramref name="Start"/> up to <paramref name="End"/>, and the text that would stand there in a phrase nearer to one understood.</summary>
internal sealed record Fault(int Start, int End, string Message, string Instead);
