namespace MilestoneWatch.Hosting;

/// <summary>Something is configured wrong. The message names each key and its fix, a line each.</summary>
internal sealed class SettingsException(string message) : Exception(message);
