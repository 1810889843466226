using NodaTime;

namespace MilestoneWatch.Web.Feeds;

/// <summary>One thing that happened, as an entry of an Atom feed.</summary>
/// <param name="Path">What its id ends with, for good: "entries/17".</param>
/// <param name="Title">Text, never markup.</param>
/// <param name="Link">The milestone's page as of that moment.</param>
/// <param name="Published">When it was recorded.</param>
/// <param name="Updated">When its words were removed, or it was recorded.</param>
/// <param name="Html">What it says, with every text in it escaped.</param>
/// <param name="Category">Whose promise it is about.</param>
internal sealed record AtomEntry(string Path, string Title, string Link, Instant Published, Instant Updated, string Html, string Category);
