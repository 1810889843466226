using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Digests;

/// <summary>Followed milestones and what a mail is written from, with defaults.</summary>
internal static class A
{
    /// <summary>5 October 2026, 06:00 UTC.</summary>
    public static readonly Instant Now = Instant.FromUtc(2026, 10, 5, 6, 0);

    /// <summary>As it stands in a book, with its history, under a slug and name of its own.</summary>
    public static MilestoneDelta Followed(Book book, int id = 1)
    {
        var phrase = book.Entries.LastOrDefault(entry => entry.Position == book.State.WindowPosition)?.Body?.Change.PromiseSet()?.Phrase;
        var milestone = book.Milestone with { Id = id, Slug = $"site-{id}", Phrase = phrase, SubstanceAt = Now };
        return Delta.Of(milestone, book.Entries, book.Head);
    }

    public static Book Promise(string name, string? phrase, string? outcome = "opening", MilestoneKind kind = MilestoneKind.Event) =>
        new(kind, phrase, new Definition { Title = name, Outcome = outcome });

    /// <summary>Acme's own words in its favour are added to a book.</summary>
    public static void Quote(Book book, string words)
    {
        book.Write(new EvidenceAdded(Stance.Supports, null, null, null, false), standing: Standing.Reported);
        var entry = book.Entries[^1];
        book.Entries[^1] = entry with { Body = entry.Body! with { Quote = words, Verbatim = true } };
    }

    public static DigestInput Input(string language, params IReadOnlyList<Book> books) =>
        new()
        {
            Language = Language.Of(language),
            Immediate = false,
            Now = Now,
            Zone = DateTimeZone.Utc,
            Changed = [],
            Followed = [.. books.Select((book, i) => Followed(book, i + 1))],
            BearsOn = Array.Empty<Milestone>().ToLookup(_ => ""),
            Names = new Dictionary<Guid, string>(),
            ToldOn = _ => null,
            NewestFact = Instant.FromUtc(2026, 9, 20, 8, 0),
        };

    /// <summary>All that a mail says, a line each, with plain spaces.</summary>
    public static string Told(DigestView view) =>
        string.Join(
                '\n',
                [
                    view.Subject,
                    view.Intro ?? "",
                    .. view.Sections.SelectMany(section =>
                        section.Blocks.SelectMany(block => block.Sentences.Prepend(block.Title)).Prepend(section.Heading.ToUpperInvariant())
                    ),
                    .. view.NextDates.Select(next => $"{next.Date}  {next.Line}"),
                    .. view.Closing,
                ]
            )
            .Replace('\u00a0', ' ')
            .Replace('\u202f', ' ');
}
