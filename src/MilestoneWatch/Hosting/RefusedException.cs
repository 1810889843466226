namespace MilestoneWatch.Hosting;

/// <summary>What was asked for was refused, and nothing was changed. The message is for the person who asked.</summary>
internal sealed class RefusedException(string message) : Exception(message);
