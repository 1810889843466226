using MilestoneWatch.Bounces;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web;

/// <summary>What the board is narrowed to. Empty, it lets everything through.</summary>
public sealed record BoardFilter
{
    private readonly string[] _words = [];

    /// <summary>A subject's slug.</summary>
    public string? Subject { get; init; }

    /// <summary>Slugs of subjects and milestones, as readers follow them: any of these; none for all.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    public MilestoneKind? Kind { get; init; }

    /// <summary>Any of these; none for all.</summary>
    public IReadOnlyList<Status> Statuses { get; init; } = [];

    /// <summary>Words that must all be in the title, the slug, the promise's phrase or what settles it; case and accents aside.</summary>
    public string? Search
    {
        get;
        init
        {
            field = value;
            _words = Plain(value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public bool IsEmpty => Subject is null && Topics.Count == 0 && Kind is null && Statuses.Count == 0 && Search is null;

    /// <summary>Whether there is anything left to look for once case and accents are set aside.</summary>
    public bool HasWords => _words.Length > 0;

    /// <summary>Words and topics aside.</summary>
    public bool Matches(string subject, MilestoneKind kind, Status status) =>
        (Subject is null || subject == Subject) && (Kind is null || kind == Kind) && (Statuses.Count == 0 || Statuses.Contains(status));

    /// <summary>Whether a milestone's words hold all that are looked for.</summary>
    public bool HasAllWords(string title, string slug, string? phrase, string? countsWhen)
    {
        var text = Plain($"{title} {slug} {phrase} {countsWhen}");
        return Array.TrueForAll(_words, word => text.Contains(word, StringComparison.Ordinal));
    }

    // U+FFFE is no character, and nothing can normalise it
    private static string Plain(string text) => PhraseBook.Plain(text.Replace('\uFFFE', ' '));
}
