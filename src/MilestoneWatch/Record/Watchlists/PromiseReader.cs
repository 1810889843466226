using System.Diagnostics.CodeAnalysis;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads promises and their readings: words as printed, and the window that they mean.</summary>
internal sealed class PromiseReader(IReadOnlyDictionary<string, SourceItem> sources, IReadOnlySet<string> sourceNames, LocalDate? asOf)
{
    public const int MaxPhrase = 200;
    private static readonly LocalDate SomeDay = new(2001, 1, 1);
    private static readonly LocalDate OtherDay = new(2012, 8, 15);
    private static readonly Window Unread = new(null, null, Precision.Unknown);

    public Promise Promise(Fields fields)
    {
        var (on, seen) = (fields.Date("on"), fields.Date("first_seen_on"));
        var (phrase, readAs, window) = Phrase(fields, on ?? seen ?? asOf);
        var source = fields.Reference("source", "source", sourceNames);
        return new(phrase, readAs, window, on, seen, source, EvidenceReader.Remarks(fields), fields.LineOf("phrase"));
    }

    public Reading Reading(Fields fields)
    {
        fields.MustStand("source");
        var source = fields.Reference("source", "source", sourceNames);
        var published = source is null ? null : sources.GetValueOrDefault(source)?.PublishedOn;
        var (phrase, readAs, window) = Phrase(fields, published ?? asOf);
        return new(
            phrase,
            readAs,
            window,
            fields.Text("means"),
            source,
            fields.Flag("conflicts"),
            EvidenceReader.Remarks(fields),
            fields.LineOf("phrase")
        );
    }

    /// <summary>The promises before the current one. Two in a row that mean the same are no move.</summary>
    public IReadOnlyList<Promise> Earlier(Fields fields, Promise? promised)
    {
        var earlier = fields.List("earlier", Promise);
        if (earlier.Count > 0 && promised is null)
            fields.Refuse("earlier", "are the promises before `promised`, and there is none; add it");
        else
        {
            var next = promised;
            for (var i = earlier.Count - 1; i >= 0; next = earlier[i--])
            {
                if (earlier[i].Window == next!.Window && earlier[i].Phrase.Length > 0)
                    fields.Refuse("earlier", $"`{Slugs.Clip(earlier[i].Phrase)}` and the promise after it mean the same; keep one");
            }
        }
        return earlier;
    }

    private static (string Phrase, string? ReadAs, Window Window) Phrase(Fields fields, LocalDate? on)
    {
        var phrase = fields.Text("phrase", required: true, MaxPhrase);
        var readAs = fields.Text("read_as", most: MaxPhrase);
        if (phrase is null)
            return ("", readAs, Unread);
        var key = readAs is null ? "phrase" : "read_as";
        if (TryRead(readAs ?? phrase, on, out var window, out var error))
            return (phrase, readAs, window);
        fields.Refuse(
            key,
            error is null
                ? "is said on no known day: give `on`, `first_seen_on` or the file's `as_of`"
                : $"`{Slugs.Clip(readAs ?? phrase)}` cannot be read as a date: {error.Message} (character {error.Position + 1}); `{error.Nearest}` would do"
        );
        return (phrase, readAs, Unread);
    }

    /// <summary>Reads a phrase that was said on a day; where the day is unknown, only one that means the same on any. Then there is no error to tell.</summary>
    public static bool TryRead(string phrase, LocalDate? on, [NotNullWhen(true)] out Window? window, out PhraseError? error)
    {
        if (!PhraseReader.TryRead(phrase, on ?? SomeDay, null, out window, out error))
            return false;
        return on is not null || (PhraseReader.TryRead(phrase, OtherDay, null, out var other, out _) && other == window);
    }
}
