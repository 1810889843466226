using System.Text;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>Which names a tally takes for the same, and which it counts.</summary>
public static class TallyNames
{
    /// <summary>Names are the same when they look the same: case, width, composition and spaces do not count.</summary>
    public static string Key(string name) =>
        string.Join(
            ' ',
            name.Normalize(NormalizationForm.FormKC).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    /// <summary>The key that a name is counted under: an alias counts as the name that it stands for.</summary>
    public static string KeyIn(Definition definition, string name)
    {
        var key = Key(name);
        foreach (var (alias, stands) in definition.Aliases)
        {
            if (Key(alias) == key)
            {
                return Key(stands);
            }
        }
        return key;
    }

    /// <summary>Whether what was said of a name counts: its relation does, and it is none of the baseline.</summary>
    public static bool Counts(Definition definition, string? name, string? relation)
    {
        if (name is null || relation is null || !definition.Relations.GetValueOrDefault(relation))
        {
            return false;
        }
        var key = KeyIn(definition, name);
        return !definition.Baseline.Any(known => KeyIn(definition, known) == key);
    }
}
