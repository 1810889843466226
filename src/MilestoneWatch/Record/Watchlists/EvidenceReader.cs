using MilestoneWatch.Domain.Evidence;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads evidence; that of a tally names who it is about and a relation.</summary>
internal static class EvidenceReader
{
    /// <param name="relations">A tally's; null for evidence of anything else.</param>
    public static EvidenceItem Read(Fields fields, IReadOnlySet<string> sources, IReadOnlySet<string>? relations) =>
        new(
            relations is null ? null : fields.Required("name"),
            relations is null ? null : fields.ReferenceRequired("relation", "relation", relations),
            fields.Required("quote"),
            fields.Flag("verbatim", required: true),
            fields.Word("stance", Words.Stances) ?? Stance.Unclear,
            fields.Word("standing", Words.Standings) ?? Standing.Unclear,
            fields.Date("on"),
            fields.Reference("source", "source", sources),
            fields.Ours(),
            fields.Line
        );
}
