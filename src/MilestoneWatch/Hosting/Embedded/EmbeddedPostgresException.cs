namespace MilestoneWatch.Hosting.Embedded;

/// <summary>The embedded database cannot be had. The message says what was wrong, where, and what to do.</summary>
internal sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
