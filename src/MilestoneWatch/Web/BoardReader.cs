using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>Reads what the pages show, now or as it was known then.</summary>
internal sealed class BoardReader(NpgsqlDataSource database, IClock clock) : IDisposable
{
    private const string Context = """
        select c.happened_on, c.says, c.source_id, s.publisher, s.title, s.url, s.published_on
        from context_items c
        join subjects j on j.id = c.subject_id
        left join sources s on s.id = c.source_id
        where j.slug = @subject and c.recorded_at <= @at
        order by c.happened_on desc nulls last, c.id
        """;

    // 16 bytes for each milestone; days looked back to come and go
    private const int MostIndexes = 8;

    private static readonly LocalDate Ever = new(1900, 1, 1);
    private readonly ConcurrentDictionary<long, BoardIndex> _indexes = new();
    private readonly SemaphoreSlim _indexing = new(1);

    // nothing is ever recorded on a day that has passed: what is known of those stays
    private volatile RecordedDays _recorded = new([], Ever);

    /// <summary>One page of what was asked for. Only its milestones' histories are read.</summary>
    public async Task<BoardView> ReadBoardAsync(BoardQuery asked, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var now = clock.GetCurrentInstant();
        var (position, at) = await AtAsync(connection, asked.At, now, ct);
        var index = await IndexAsync(connection, position, ct);
        var found = await FindAsync(connection, position, asked.Filter, index, ct);
        long[] ids = [.. found.Skip((asked.Page - 1) * asked.PageSize).Take(asked.PageSize)];
        var milestones = await LedgerReader.MilestonesAsync(connection, position, ct, ids: ids);
        var shown = milestones.OrderBy(m => m.Kind == MilestoneKind.Question).ToList();
        var histories = await LedgerReader.HistoryAsync(connection, ids, position, ct);
        string[] named = [.. shown.SelectMany(m => m.Definition.About).Distinct(StringComparer.Ordinal)];
        var about = await NamedAsync(connection, position, named, [], ct);
        var subjects = index.Groups.Select(group => new SubjectChoice(group.Subject, group.SubjectName)).Distinct().ToList();
        return new BoardView(
            BoardWords.Subjects([.. subjects.Select(subject => subject.Name)]),
            at.InUtc().Date,
            asked.At?.InUtc().Date,
            [.. shown.Select(m => new MilestoneStory(m, [.. histories[m.Id]], about, at).Row())],
            index.NewestFact?.InUtc().Date
        )
        {
            Counts = new BoardCounts(
                index.Count(group => group.KindRead != MilestoneKind.Question),
                index.Count(group => group.KindRead == MilestoneKind.Question),
                index.Count(group => group.KindRead != MilestoneKind.Question && group.StatusRead.IsFinal()),
                found.Count
            ),
            Choices = new BoardChoices(
                [.. subjects, .. await NotYetAsync(connection, asked.Filter.Subject, subjects, ct)],
                [.. index.Groups.Select(group => group.KindRead).Distinct().Order()],
                [.. index.Groups.Select(group => group.StatusRead).Distinct().Order()]
            )
            {
                Topics = await TopicsAsync(connection, asked.Filter.Topics, ct),
            },
            PageSize = asked.PageSize,
            Strip = await StripAsync(connection, asked.At?.InUtc().Date, now.InUtc().Date, ct),
        };
    }

    public async Task<MilestoneView?> ReadMilestoneAsync(string slug, Instant? asOf, CancellationToken ct)
    {
        // Postgres takes no text with a zero in it
        if (slug.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(ct);
        var (position, at) = await AtAsync(connection, asOf, clock.GetCurrentInstant(), ct);
        if (await LedgerReader.FindAsync(connection, slug, position, ct) is not { } milestone)
        {
            return null;
        }
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], position, ct))[milestone.Id].ToList();
        var asking = await BoardStore.AskingAsync(connection, position, slug, ct);
        var beside = await NamedAsync(connection, position, [.. milestone.Definition.About], asking, ct);
        var story = new MilestoneStory(milestone, history, beside, at);
        var context = await connection.QueryAsync<ContextRow>(
            new CommandDefinition(Context, new { subject = milestone.SubjectSlug, at }, cancellationToken: ct)
        );
        return story.Page(asOf?.InZone(milestone.Zone).Date, [.. context.Select(row => (row.HappenedOn, row.Says, row.Source()))]);
    }

    public void Dispose() => _indexing.Dispose();

    /// <summary>What was known at a position, kept: reading it costs as much as many pages.</summary>
    private async Task<BoardIndex> IndexAsync(NpgsqlConnection connection, long position, CancellationToken ct)
    {
        if (_indexes.TryGetValue(position, out var kept))
        {
            return kept;
        }
        await _indexing.WaitAsync(ct);
        try
        {
            if (!_indexes.TryGetValue(position, out kept))
            {
                kept = await BoardStore.IndexAsync(connection, position, ct);
                if (_indexes.Count >= MostIndexes)
                {
                    _indexes.Clear();
                }
                _indexes[position] = kept;
            }
            return kept;
        }
        finally
        {
            _indexing.Release();
        }
    }

    /// <summary>The ids of all that was asked for, in the order of the pages.</summary>
    private static async Task<IReadOnlyList<long>> FindAsync(
        NpgsqlConnection connection,
        long position,
        BoardFilter filter,
        BoardIndex index,
        CancellationToken ct
    )
    {
        // Postgres takes no text with a zero in it, and no slug has one
        string[] topics = [.. filter.Topics.Where(slug => !slug.Contains('\0', StringComparison.Ordinal))];
        var named = topics.Length == 0 ? [] : await BoardStore.NamedAsync(connection, topics, ct);
        var ids = index.Find(filter, named.ToHashSet());
        // words of which nothing is left without case and accents are in everything
        if (!filter.HasWords || ids.Count == 0)
        {
            return ids;
        }
        var texts = await BoardStore.TextsAsync(connection, position, ids, ct);
        return
        [
            .. texts
                .Where(text => filter.HasAllWords(text.Title ?? text.Slug, text.Slug, PhraseOf(text), text.CountsWhen))
                .Select(text => text.Id),
        ];
    }

    private static string? PhraseOf(BoardStore.Text text) =>
        text.Phrase
        ?? (text.Window is { } window ? WindowPhrase.Print(JsonSerializer.Deserialize<Window>(window, LedgerJson.Options)!) : null);

    private static async Task<IReadOnlyList<Milestone>> NamedAsync(
        NpgsqlConnection connection,
        long position,
        string[] slugs,
        IEnumerable<long> others,
        CancellationToken ct
    )
    {
        long[] ids = [.. slugs.Length == 0 ? [] : await BoardStore.NamedAsync(connection, slugs, ct), .. others];
        return ids.Length == 0 ? [] : await LedgerReader.MilestonesAsync(connection, position, ct, ids: ids);
    }

    /// <summary>A subject asked for that exists, but had nothing on record yet: no mistake, and so to be offered.</summary>
    private static async Task<IEnumerable<SubjectChoice>> NotYetAsync(
        NpgsqlConnection connection,
        string? slug,
        List<SubjectChoice> known,
        CancellationToken ct
    )
    {
        if (slug is null || slug.Contains('\0', StringComparison.Ordinal) || known.Exists(subject => subject.Slug == slug))
        {
            return [];
        }
        var name = await BoardStore.SubjectNameAsync(connection, slug, ct);
        return name is null ? [] : [new SubjectChoice(slug, name)];
    }

    private static async Task<IReadOnlyList<TopicChoice>> TopicsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> asked,
        CancellationToken ct
    )
    {
        string[] slugs = [.. asked.Where(slug => !slug.Contains('\0', StringComparison.Ordinal))];
        if (slugs.Length == 0)
        {
            return [];
        }
        var known = (await BoardStore.TopicsAsync(connection, slugs, ct)).ToLookup(topic => topic.Slug, StringComparer.Ordinal);
        return [.. slugs.SelectMany(slug => known[slug].Take(1))];
    }

    private async Task<IReadOnlyList<StripPoint>> StripAsync(
        NpgsqlConnection connection,
        LocalDate? asked,
        LocalDate today,
        CancellationToken ct
    )
    {
        var known = _recorded;
        if (known.Upto < today)
        {
            var newer = await BoardStore.RecordedOnAsync(connection, known.Upto, today, ct);
            _recorded = known = new RecordedDays([.. known.Days, .. newer], today);
        }
        return StripPoint.Of([.. known.Days.TakeWhile(day => day < today)], asked < today ? asked : null);
    }

    private static async Task<(long Position, Instant At)> AtAsync(
        NpgsqlConnection connection,
        Instant? asOf,
        Instant now,
        CancellationToken ct
    ) =>
        asOf is { } at ? (await LedgerReader.PositionAtAsync(connection, at, ct), at) : (await LedgerReader.HeadAsync(connection, ct), now);

    /// <summary>Days on which something was recorded, all before another day.</summary>
    private sealed record RecordedDays(IReadOnlyList<LocalDate> Days, LocalDate Upto);

    private sealed record ContextRow
    {
        public LocalDate? HappenedOn { get; init; }
        public string Says { get; init; } = "";
        public long? SourceId { get; init; }
        public string? Publisher { get; init; }
        public string? Title { get; init; }
        public string? Url { get; init; }
        public LocalDate? PublishedOn { get; init; }

        public Citation? Source() => SourceId is { } id ? new Citation(id, Publisher!, Title, Url, PublishedOn) : null;
    }
}
