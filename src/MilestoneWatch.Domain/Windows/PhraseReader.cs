using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads a promise's date as printed ("by late 2027") into a <see cref="Window"/>.</summary>
public static class PhraseReader
{
    /// <summary>No phrase whatsoever throws: what is not understood is refused with its place and a nearest phrase that is.</summary>
    /// <param name="phrase">English, any case; at most 200 characters; years 1583 to 9998.</param>
    /// <param name="on">The day of the promise, to which relative phrases refer.</param>
    /// <param name="fiscalYearStarts">Month (1 to 12) in which fiscal years start; null when unknown, which makes FY phrases ambiguous.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fiscalYearStarts"/> is no month.</exception>
    public static bool TryRead(
        string phrase,
        LocalDate on,
        int? fiscalYearStarts,
        [NotNullWhen(true)] out Window? window,
        [NotNullWhen(false)] out PhraseError? error
    )
    {
        ArgumentNullException.ThrowIfNull(phrase);
        if (fiscalYearStarts is < 1 or > 12)
        {
            throw new ArgumentOutOfRangeException(nameof(fiscalYearStarts), fiscalYearStarts, "a month is 1 to 12");
        }

        var fault = Read(phrase, on, fiscalYearStarts, out window);
        error = fault is null
            ? null
            : new PhraseError(
                Math.Clamp(fault.At, 0, Math.Max(0, phrase.Length - 1)),
                fault.Message,
                NearestPhrase.Of(phrase, fault, on, fiscalYearStarts)
            );
        return window is not null;
    }

    internal static Fault? Read(string phrase, LocalDate on, int? fiscalYearStarts, out Window? window)
    {
        Span<Token> tokens = stackalloc Token[Math.Min(phrase.Length, PhraseScanner.LongestPhrase) + 1];
        window = null;
        if (PhraseScanner.Scan(phrase, tokens) is { } fault)
        {
            return fault;
        }

        var stream = new TokenStream(phrase, tokens, on, fiscalYearStarts);
        if (!WindowReader.TryRead(ref stream, out var read))
        {
            return stream.Fault;
        }

        window = read;
        return null;
    }
}
