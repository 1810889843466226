using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Where sources print a date otherwise than the promise.</summary>
internal static class Readings
{
    /// <summary>"Sources differ: …": one reading that agrees with the promise beside each that does not; null when none differs.</summary>
    public static string? Differ(MilestoneDelta delta, Prose prose)
    {
        var readings = delta
            .History.Standing()
            .Where(entry => entry.Kind == EntryKind.ReadingAdded && entry.Body is not null)
            .Select(entry => (entry.Body!.Source, Reading: (ReadingAdded)entry.Body.Change))
            .ToList();
        var against = readings.Where(reading => reading.Reading.Conflicts).ToList();
        if (against.Count == 0)
        {
            return null;
        }
        var agreeing = readings.Find(reading =>
            !reading.Reading.Conflicts && reading.Reading.Promise.Window == delta.Milestone.State.Window
        );
        var all = agreeing.Reading is null ? against : [agreeing, .. against];
        var language = prose.Language;
        var told = all.Select(reading =>
        {
            var quoted = language.Quoted(reading.Reading.Promise.Phrase);
            var phrase = Ordinal(reading.Reading.Promise.Phrase) ? language.Say("digest.the_phrase", ("phrase", quoted)) : quoted;
            var text = reading.Reading.Means is { } means ? language.Say("digest.means_in", ("means", means), ("phrase", phrase)) : phrase;
            return reading.Source is not { } source ? text
                : source.Publisher.Contains('(', StringComparison.Ordinal) ? prose.Comma(text, source.Publisher)
                : prose.Aside(text, source.Publisher);
        });
        return language.Say("digest.differ", ("readings", language.Join("digest.or", told)));
    }

    // the words of a date that take an article in English
    private static bool Ordinal(string phrase) =>
        phrase.Split(' ', 2)[0].ToUpperInvariant() is "FIRST" or "SECOND" or "THIRD" or "FOURTH" or "END" or "MIDDLE" or "BEGINNING";
}
