using System.Globalization;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A file that says what the ledger cannot take: ends the import, and with it its transaction.</summary>
internal sealed class ImportRefusedException(FilePlace place, string reason)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"line {place.Line}: {place.Key}: {reason}"));
