using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Record;

/// <summary>What an analyst wants on record: all of it or nothing, with one day, note and source.</summary>
internal sealed record RecordRequest(string Slug, IReadOnlyList<Change> Changes, string Actor)
{
    public RecordRequest(string slug, Change change, string actor)
        : this(slug, [change], actor) { }

    public LocalDate? HappenedOn { get; init; }
    public string? Note { get; init; }
    public SourceNamed? Source { get; init; }
    public string? Quote { get; init; }
    public bool Verbatim { get; init; }
    public Standing? Standing { get; init; }

    /// <summary>The revision that the analyst saw; null takes the newest, and tries again when someone was faster.</summary>
    public int? Revision { get; init; }

    /// <summary>Why it is no evidence that an analyst gives, or null: it has to say something.</summary>
    public string? WhyNoEvidence() =>
        this is { Quote: null, Note: null, Source: null } && Changes.Any(change => change is EvidenceAdded)
            ? "evidence says something: give a quote, a note or a source"
            : null;

    /// <summary>Why it cannot be recorded whatever is on record, or null when it may be.</summary>
    public string? WhyNot() =>
        HappenedOn is { Year: < 1583 or > 9998 } day
            ? $"{LocalDatePattern.Iso.Format(day)} is not in the years 1583 to 9998"
            : Wording.WhyNot(this);
}
