using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Mends a refused phrase, one fault after the other, until it is understood.</summary>
internal static class NearestPhrase
{
    internal const string Fallback = "TBD";
    private const int MostFaults = 24;

    /// <returns>A phrase that parses; "TBD" when nothing of the original can be kept.</returns>
    internal static string Of(string phrase, Fault fault, LocalDate on, int? fiscalYearStarts)
    {
        for (var i = 0; i < MostFaults; i++)
        {
            phrase = Tidy(phrase, fault);
            var next = PhraseReader.Read(phrase, on, fiscalYearStarts, out _);
            if (next is null)
            {
                return phrase;
            }

            fault = next;
        }

        return Fallback;
    }

    private static string Tidy(string phrase, Fault fault)
    {
        var mended = string.Concat(phrase.AsSpan(0, fault.Start), fault.Instead, phrase.AsSpan(fault.End));
        while (mended.Contains("  ", StringComparison.Ordinal))
        {
            mended = mended.Replace("  ", " ", StringComparison.Ordinal);
        }

        return mended.TrimStart(' ', ',').TrimEnd();
    }
}
