using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// When a replay that starts on a given day records each fact: on the later of its own and its source's date,
/// on the watchlist's as_of where neither is known, and never before the start.
/// </summary>
internal sealed class FactDates(Watchlist watchlist, LocalDate start)
{
    private readonly Dictionary<string, SourceItem> sources = watchlist.Sources.ToDictionary(s => s.Name, StringComparer.Ordinal);

    public LocalDate RecordedOn(IFact fact) => Clamp(Later(fact.OwnDate, DateOf(fact.Source)));

    /// <summary>A milestone appears with its promise; one without a promise with the earliest day that a source reports on.</summary>
    public LocalDate RecordedOn(MilestoneItem milestone) =>
        milestone.Promised is { } promise ? RecordedOn(promise) : Clamp(watchlist.Sources.Min(s => s.About));

    /// <summary>The days on which something becomes known, ascending.</summary>
    public IReadOnlyList<LocalDate> Days() => [.. Recorded().Distinct().Order()];

    /// <summary>The watchlist restricted to what was recorded by the end of the day; all sources stay.</summary>
    public Watchlist KnownOn(LocalDate day)
    {
        var milestones = watchlist
            .Milestones.Where(m => RecordedOn(m) <= day)
            .Select(m =>
                m with
                {
                    // which sources disagree is known once the last of them is
                    Conflicts = Clamp(null) <= day ? m.Conflicts : null,
                    Status = KnownStatus(m.Status),
                    Readings = Known(m.Readings),
                    Progress = Known(m.Progress),
                    Evidence = Known(m.Evidence),
                }
            )
            .ToList();
        var slugs = milestones.Select(m => m.Slug).ToHashSet(StringComparer.Ordinal);
        return watchlist with
        {
            Milestones = milestones,
            Questions =
            [
                .. Known(watchlist.Questions)
                    .Select(q =>
                        q with
                        {
                            About = [.. q.About.Where(slugs.Contains)],
                            Status = KnownStatus(q.Status),
                            Evidence = Known(q.Evidence),
                        }
                    ),
            ],
            Quotes = Known(watchlist.Quotes),
            Context = Known(watchlist.Context),
        };

        StatusItem? KnownStatus(StatusItem? status) => status is not null && RecordedOn(status) <= day ? status : null;

        List<T> Known<T>(IEnumerable<T> facts)
            where T : IFact => [.. facts.Where(f => RecordedOn(f) <= day)];
    }

    private IEnumerable<LocalDate> Recorded()
    {
        foreach (var milestone in watchlist.Milestones)
        {
            var appears = RecordedOn(milestone);
            yield return appears;
            if (milestone.Conflicts is not null)
                yield return LocalDate.Max(appears, Clamp(null));
            foreach (var fact in FactsOf(milestone))
                yield return LocalDate.Max(appears, RecordedOn(fact));
        }
        foreach (var question in watchlist.Questions)
        {
            var appears = RecordedOn(question);
            yield return appears;
            foreach (var fact in question.Evidence.Concat<IFact>(Status(question.Status)))
                yield return LocalDate.Max(appears, RecordedOn(fact));
        }
        foreach (var fact in watchlist.Quotes.Concat<IFact>(watchlist.Context))
            yield return RecordedOn(fact);
    }

    private static IEnumerable<IFact> FactsOf(MilestoneItem milestone) =>
        milestone.Readings.Concat<IFact>(milestone.Progress).Concat(milestone.Evidence).Concat(Status(milestone.Status));

    private static IEnumerable<IFact> Status(StatusItem? status) => status is null ? [] : [status];

    private LocalDate? DateOf(string? name) =>
        name is null || !sources.TryGetValue(name, out var source) ? null
        : OwnDateOf(source) is { } own ? own
        : source.Via is { } via && sources.TryGetValue(via, out var led) ? OwnDateOf(led)
        : null;

    private static LocalDate? OwnDateOf(SourceItem source) => source.PublishedOn ?? source.About;

    private static LocalDate? Later(LocalDate? a, LocalDate? b) => a is { } x && b is { } y ? LocalDate.Max(x, y) : a ?? b;

    private LocalDate Clamp(LocalDate? date) => LocalDate.Max(date ?? watchlist.AsOf ?? start, start);
}
