using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads what milestones and questions have in common: evidence, a status, and what is said beside a fact.</summary>
internal static class EvidenceReader
{
    /// <param name="relations">A tally's; null for evidence of anything else.</param>
    public static EvidenceItem Read(Fields fields, IReadOnlySet<string> sources, IReadOnlySet<string>? relations)
    {
        fields.MustStand("quote");
        return new(
            relations is null ? null : fields.Required("name"),
            relations is null ? null : fields.ReferenceRequired("relation", "relation", relations),
            fields.Prose("quote"),
            fields.Flag("verbatim", required: true),
            fields.Word("stance", Words.Stances) ?? Stance.Unclear,
            fields.Word("standing", Words.Standings) ?? Standing.Unclear,
            fields.Date("on"),
            fields.Prose("note"),
            fields.Reference("source", "source", sources),
            fields.Ours(),
            fields.Line
        );
    }

    public static StatusItem Status(Fields fields, IReadOnlyDictionary<string, Status> words, IReadOnlySet<string> sources) =>
        new(
            fields.Word("is", words, required: true) ?? default,
            fields.Date("on"),
            fields.Prose("override"),
            fields.Reference("source", "source", sources),
            Remarks(fields),
            fields.LineOf("is")
        );

    public static Remarks Remarks(Fields fields) =>
        new(
            fields.Prose("note"),
            fields.Prose("quote"),
            fields.Flag("verbatim"),
            fields.Word("standing", Words.Standings) is { } standing and not Standing.Unclear ? standing : null
        );
}
