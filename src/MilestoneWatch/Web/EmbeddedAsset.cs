namespace MilestoneWatch.Web;

/// <param name="Hash">The first 12 hex digits of the content's SHA-256.</param>
internal sealed record EmbeddedAsset(ZippedBody Content, string ContentType, string Hash);
