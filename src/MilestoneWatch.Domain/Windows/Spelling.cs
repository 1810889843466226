namespace MilestoneWatch.Domain.Windows;

/// <summary>Guesses the word that was meant.</summary>
internal static class Spelling
{
    /// <summary>The known word within two letters' edits (one for short words), or null.</summary>
    internal static string? Nearest(ReadOnlySpan<char> word)
    {
        if (word.Length is < 4 or > 12)
        {
            return null;
        }

        string? nearest = null;
        var fewest = word.Length < 6 ? 2 : 3;
        foreach (var known in Vocabulary.Suggestions)
        {
            var edits = Edits(word, known);
            if (edits < fewest)
            {
                (nearest, fewest) = (known, edits);
            }
        }

        return nearest;
    }

    private static int Edits(ReadOnlySpan<char> word, ReadOnlySpan<char> known)
    {
        Span<int> row = stackalloc int[known.Length + 1];
        for (var j = 0; j <= known.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= word.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= known.Length; j++)
            {
                var same = (word[i - 1] | 0x20) == (known[j - 1] | 0x20);
                var best = Math.Min(same ? diagonal : diagonal + 1, Math.Min(row[j], row[j - 1]) + 1);
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[known.Length];
    }
}
