using MilestoneWatch.Domain.Languages;

namespace MilestoneWatch.Domain.Digests;

/// <summary>A digest in words, before it is laid out as text and as HTML. Every sentence is written here and nowhere else.</summary>
public sealed record DigestView
{
    public required Language Language { get; init; }

    /// <summary>At most 70 characters: the news itself.</summary>
    public required string Subject { get; init; }

    /// <summary>The opening line; null for an alert, which starts with its news.</summary>
    public string? Intro { get; init; }
    public required IReadOnlyList<Section> Sections { get; init; }

    /// <summary>What has gone quiet since the last mail, in a line each; the questions share one, without a slug.</summary>
    public IReadOnlyList<(string? Slug, string Line)> Quiet { get; init; } = [];

    /// <summary>A passed window in a line each.</summary>
    public IReadOnlyList<(string Slug, string Line)> Unsettled { get; init; } = [];
    public IReadOnlyList<(string Slug, string Line)> Unchanged { get; init; } = [];
    public IReadOnlyList<(string Date, string Line)> NextDates { get; init; } = [];

    /// <summary>Closing sentences that are the same for all readers of the audience.</summary>
    public required IReadOnlyList<string> Closing { get; init; }
}
