using System.Globalization;
using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Domain.Tests.Windows;

/// <summary>Phrases read for a test, and windows written as "earliest latest" with - for open.</summary>
internal static class Read
{
    internal static readonly LocalDate SummitDay = new(2026, 5, 28);

    internal static Window Phrase(string phrase, LocalDate? on = null, int? fiscalYearStarts = null) =>
        PhraseReader.TryRead(phrase, on ?? SummitDay, fiscalYearStarts, out var window, out var error)
            ? window
            : throw new InvalidOperationException($"\"{phrase}\" was refused at {error.Position}: {error.Message}");

    internal static PhraseError Refusal(string phrase, LocalDate? on = null) =>
        PhraseReader.TryRead(phrase, on ?? SummitDay, null, out var window, out var error)
            ? throw new InvalidOperationException($"\"{phrase}\" was read as {window}")
            : error;

    internal static string Bounds(Window window) => Text(window.Earliest, window.Latest);

    internal static string? Alternative(Window window) => window.Alternative is { } other ? Text(other.Earliest, other.Latest) : null;

    internal static LocalDate Day(string iso) => LocalDatePattern.Iso.Parse(iso).Value;

    private static string Text(LocalDate? earliest, LocalDate? latest) => $"{Text(earliest)} {Text(latest)}";

    private static string Text(LocalDate? date) => date?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
