using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>What a tally makes of evidence about somebody.</summary>
public static class EvidenceOfNames
{
    /// <summary>Why evidence does not fit a milestone of this kind and wording, or null when it does.</summary>
    public static Refusal? WhyNot(MilestoneKind kind, Definition definition, EvidenceAdded said)
    {
        if (kind != MilestoneKind.Tally)
        {
            return said.Name is null && said.Relation is null
                ? null
                : new Refusal($"a name and a relation belong to evidence of a tally, and this is {Words.WithArticle(kind)}");
        }
        var relations = string.Join(", ", definition.Relations.Keys);
        return said.Name is null || TallyNames.Key(said.Name).Length == 0
                ? new Refusal("evidence of a tally needs a name: whom it is about")
            : said.Relation is null ? new Refusal($"evidence of a tally needs a relation: {relations}")
            : definition.Relations.ContainsKey(said.Relation) ? null
            : new Refusal($"there is no relation \"{said.Relation}\" here: use {relations}");
    }

    /// <summary>The same evidence with the key that its name is counted under, and whether it counts.</summary>
    public static EvidenceAdded Read(Definition definition, EvidenceAdded said) =>
        said with
        {
            // as written, but for blanks that nobody sees
            Name = said.Name is null ? null : string.Join(' ', said.Name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            NameKey = said.Name is null ? null : TallyNames.KeyIn(definition, said.Name),
            Counts = TallyNames.Counts(definition, said.Name, said.Relation),
        };
}
