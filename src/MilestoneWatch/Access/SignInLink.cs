namespace MilestoneWatch.Access;

/// <summary>A link that works, before it is used.</summary>
/// <param name="Analyst">Whom it signs in.</param>
/// <param name="Browser">The hash of the secret of the browser that it works in; null for any.</param>
/// <param name="ToPath">The page to go on to.</param>
internal sealed record SignInLink(string Analyst, byte[]? Browser, string? ToPath);
