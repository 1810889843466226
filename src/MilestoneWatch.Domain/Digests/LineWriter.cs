using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes what a mail says in a line each: what has gone quiet, what is unsettled, what stands, and the dates ahead.</summary>
internal sealed class LineWriter(DigestInput input, Prose prose)
{
    // a line of names in a table stays a line
    private const int NamesADate = 6;

    private readonly Language _language = prose.Language;
    private readonly Silence _silence = new(prose);

    /// <summary>A line each; the questions share one.</summary>
    public IReadOnlyList<(string?, string)> Quiet(IReadOnlyList<MilestoneDelta> quiet)
    {
        var lines = quiet.Where(delta => delta.Milestone.Kind != MilestoneKind.Question).Select(Quiet).ToList();
        var questions = quiet.Where(delta => delta.Milestone.Kind == MilestoneKind.Question).ToList();
        if (questions is [var one])
        {
            lines.Add(Quiet(one));
        }
        else if (questions.Count > 1)
        {
            var since = questions.Max(delta => delta.Milestone.SubstanceAt.InZone(delta.Milestone.Zone).Date);
            lines.Add((null, QuietSince(_language.Count("digest.open_questions", questions.Count), since)));
        }
        return lines;
    }

    private string QuietSince(string name, LocalDate since) =>
        _language.Count("digest.quiet", prose.DaysSince(since), ("name", name), ("day", prose.Day(since)));

    private (string?, string) Quiet(MilestoneDelta delta)
    {
        var milestone = delta.Milestone;
        var since = milestone.SubstanceAt.InZone(milestone.Zone).Date;
        // a passed window is told with its date until it is settled
        if (milestone.NeedsAttention(input.Now))
        {
            var (slug, line) = Unsettled(delta);
            return (slug, $"{line} {_language.Count("digest.quiet_too", prose.DaysSince(since), ("day", prose.Day(since)))}");
        }
        var text = QuietSince(milestone.Definition.CalledBriefly(), since);
        return (milestone.Slug, _silence.LastLook(delta) is { } look ? $"{text} {look}" : text);
    }

    public (string, string) Unsettled(MilestoneDelta delta)
    {
        var milestone = delta.Milestone;
        var latest = milestone.State.Window!.Latest!.Value;
        var name = ("name", milestone.Definition.CalledBriefly());
        var day = ("day", prose.Day(latest));
        var nothing = ("nothing", prose.Nothing(milestone.Definition));
        var line = _silence.Against(delta) is { } against
            ? _language.Count("digest.unsettled_yet", prose.DaysSince(latest), name, day, nothing, ("against", against))
            : _language.Count("digest.unsettled", prose.DaysSince(latest), name, day, nothing);
        return (milestone.Slug, _silence.LastLook(delta) is { } look ? $"{line} {look}" : line);
    }

    public (string, string) Unchanged(MilestoneDelta delta)
    {
        var milestone = delta.Milestone;
        var name = milestone.Definition.Called();
        var named = milestone.Phrase is { } phrase ? prose.Comma(name, _language.Quoted(phrase)) : name;
        var progress = prose.Progress(milestone.State.Progress!.Value, delta.ProgressStanding(), milestone.Definition);
        return (milestone.Slug, Prose.Sentence(_language.Join("text.colon", [named, progress])));
    }

    /// <summary>The next two days on which something that is followed is due, with its name.</summary>
    public IReadOnlyList<(LocalDate Day, string Line)> NextDates() =>
        [
            .. input
                .Followed.SelectMany(delta => Ahead(delta.Milestone))
                .GroupBy(date => date.Day)
                .OrderBy(group => group.Key)
                .Take(2)
                .Select(group => (group.Key, Names([.. group]))),
        ];

    /// <summary>The earlier reading of a date, while it is ahead and a later one is too; null without one.</summary>
    public LocalDate? EarlierReading(Milestone milestone) =>
        milestone.State.Window is { Alternative.Latest: { } other } window
        && other >= prose.Today
        && other < (window.Latest ?? LocalDate.MaxIsoValue)
            ? other
            : null;

    private IEnumerable<(LocalDate Day, Milestone Milestone)> Ahead(Milestone milestone)
    {
        if (milestone.State.Status.IsFinal())
        {
            yield break;
        }
        if (EarlierReading(milestone) is { } earlier)
        {
            yield return (earlier, milestone);
        }
        if (milestone.State.Window?.Latest is { } latest && latest >= prose.Today)
        {
            yield return (latest, milestone);
        }
    }

    private string Names(List<(LocalDate Day, Milestone Milestone)> due)
    {
        var shown = due.Count > NamesADate ? due[..(NamesADate - 1)] : due;
        var text = _language.Join("text.semicolon", shown.Select(date => Name(date.Day, date.Milestone)));
        return shown.Count == due.Count ? text : _language.Count("text.and_more", due.Count - shown.Count, ("what", text));
    }

    private string Name(LocalDate day, Milestone milestone)
    {
        var name = ("name", milestone.Definition.CalledBriefly());
        var phrase = ("phrase", prose.Promised(milestone));
        var earlier = EarlierReading(milestone);
        return earlier is null ? prose.Comma(name.Item2, phrase.Item2)
            : earlier == day ? _language.Say("digest.next_if_before", name, phrase, ("before", prose.MeansBefore(day)))
            : _language.Say("digest.next_if_by", name, ("by", prose.MeansBy(day)));
    }
}
