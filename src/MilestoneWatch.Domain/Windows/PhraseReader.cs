using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads a promise's date as printed ("by late 2027") into a <see cref="Window"/>.</summary>
public static class PhraseReader
{
    /// <param name="phrase">English, any case; at most 200 characters.</param>
    /// <param name="on">The day of the promise, to which relative phrases refer.</param>
    /// <param name="fiscalYearStarts">Month (1 to 12) in which fiscal years start; null when unknown, which makes FY phrases ambiguous.</param>
    public static bool TryRead(
        string phrase,
        LocalDate on,
        int? fiscalYearStarts,
        [NotNullWhen(true)] out Window? window,
        [NotNullWhen(false)] out PhraseError? error
    )
    {
        window = null;
        error = new PhraseError(0, "not read yet", "Q3 2026");
        return false;
    }
}
