using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes a digest in plain words. Says what is on record, never more.</summary>
public static class DigestWriter
{
    public const int SubjectLimit = 70;

    public static DigestView Write(DigestInput input)
    {
        var today = input.Now.InZone(input.Zone).Date;
        var prose = new Prose(today);
        var blocks = new BlockWriter(input, prose);
        var ranked = input.Changed.OrderBy(delta => delta.Weight).ToList();
        var sections = ranked
            .Where(delta => delta.Weight != Weight.Quiet)
            .GroupBy(delta => delta.Weight)
            .Select(group => new Section(Heading(group.Key), [.. group.Select(blocks.Write)]))
            .ToList();
        var rest = input.Followed.ExceptBy(ranked.Select(delta => delta.Milestone.Id), delta => delta.Milestone.Id).ToList();
        return new DigestView
        {
            Language = input.Language,
            Subject = SubjectLine.Write(ranked, prose),
            Intro = input.Immediate ? null : Intro(input, ranked, prose),
            Sections = sections,
            Quiet = Quiet([.. ranked.Where(delta => delta.Weight == Weight.Quiet)], input, prose, blocks),
            Unsettled = input.Immediate
                ? []
                : [.. rest.Where(delta => delta.Milestone.NeedsAttention(input.Now)).Select(delta => Unsettled(delta, prose, blocks))],
            Unchanged = input.Immediate
                ? []
                :
                [
                    .. rest.Where(delta => delta.Milestone.State.Progress is not null && !delta.Milestone.NeedsAttention(input.Now))
                        .Select(Unchanged),
                ],
            NextDates = input.Immediate ? [] : NextDates(input.Followed, today),
            Closing = input.Immediate ? RecordedBy(input, ranked) : Newest(input),
        };
    }

    public static DigestView Welcome(DigestInput input) => throw new NotSupportedException();

    public static DigestView NothingChanged(DigestInput input) => throw new NotSupportedException();

    /// <summary>"Last looked 2 October at Mistral AI: nothing new."; null if nobody has.</summary>
    public static string? LastLook(DigestInput input, MilestoneDelta delta) =>
        new BlockWriter(input, new Prose(input.Now.InZone(input.Zone).Date)).LastLook(delta);

    private static string Heading(Weight weight) =>
        weight switch
        {
            Weight.Correction => "Correction",
            Weight.Settled => "Settled",
            Weight.Moved => "Date moved",
            Weight.Closed => "Date passed",
            Weight.TargetReached => "Target reached",
            Weight.MayBeDue => "May be due",
            Weight.ComingUp => "Coming up",
            _ => "New on record",
        };

    private static string Intro(DigestInput input, List<MilestoneDelta> ranked, Prose prose)
    {
        var subjects = input.Followed.Concat(ranked).Select(delta => delta.Milestone.SubjectName).Distinct(StringComparer.Ordinal).ToList();
        var whose = subjects.Count == 1 ? $"{subjects[0]} promises. " : "";
        var since = input.PreviousMail is { } day ? $" since your mail of {prose.Day(day)}" : " since you joined";
        var news = ranked.Count(delta => delta.Weight != Weight.Quiet);
        return news == 0
            ? $"{whose}No changes{since}, and of what you follow some has gone quiet."
            : $"{whose}{Prose.Count(news, "change", "changes")}{since}.";
    }

    private static List<(string?, string)> Quiet(List<MilestoneDelta> quiet, DigestInput input, Prose prose, BlockWriter blocks)
    {
        var lines = quiet
            .Where(delta => delta.Milestone.Kind != MilestoneKind.Question)
            .Select(delta => Quiet(delta, input, prose, blocks))
            .ToList();
        var questions = quiet.Where(delta => delta.Milestone.Kind == MilestoneKind.Question).ToList();
        if (questions is [var one])
        {
            lines.Add(Quiet(one, input, prose, blocks));
        }
        else if (questions.Count > 1)
        {
            var since = questions.Max(delta => delta.Milestone.SubstanceAt.InZone(delta.Milestone.Zone).Date);
            lines.Add((null, $"{Prose.Count(questions.Count, "open question", "open questions")}: {Since(since, prose)}"));
        }
        return lines;
    }

    private static string Since(LocalDate since, Prose prose) =>
        $"nothing new on record since {prose.Day(since)}, {Prose.Days(Period.DaysBetween(since, prose.Today))} ago.";

    private static (string?, string) Quiet(MilestoneDelta delta, DigestInput input, Prose prose, BlockWriter blocks)
    {
        var milestone = delta.Milestone;
        var since = milestone.SubstanceAt.InZone(milestone.Zone).Date;
        var quiet = Since(since, prose);
        // a passed window is told with its date until it is settled
        if (milestone.NeedsAttention(input.Now))
        {
            var (slug, line) = Unsettled(delta, prose, blocks);
            return (slug, $"{line} {Prose.Sentence(quiet)}");
        }
        var text = $"{milestone.Definition.CalledBriefly()}: {quiet}";
        return (milestone.Slug, blocks.LastLook(delta) is { } look ? $"{text} {look}" : text);
    }

    private static (string, string) Unsettled(MilestoneDelta delta, Prose prose, BlockWriter blocks)
    {
        var milestone = delta.Milestone;
        var latest = milestone.State.Window!.Latest!.Value;
        var line =
            $"{milestone.Definition.CalledBriefly()}: due by {prose.Day(latest)}, {Prose.Days(Period.DaysBetween(latest, prose.Today))} ago. {BlockWriter.NothingOf(milestone.Definition)} on record";
        if (blocks.Against(delta) is { } against)
        {
            line += $", yet {against}";
        }
        line += ".";
        return (milestone.Slug, blocks.LastLook(delta) is { } look ? $"{line} {look}" : line);
    }

    private static (string, string) Unchanged(MilestoneDelta delta)
    {
        var milestone = delta.Milestone;
        var promised = milestone.Phrase is { } phrase ? $", {Prose.Quoted(phrase)}" : "";
        var standing = delta.History.LastOrDefault(entry => entry.Position == milestone.State.ProgressPosition)?.Body?.Standing;
        return (
            milestone.Slug,
            $"{milestone.Definition.Called()}{promised}: {Prose.Progress(milestone.State.Progress!.Value, standing, milestone.Definition)}."
        );
    }

    private static List<(string, string)> NextDates(IEnumerable<MilestoneDelta> followed, LocalDate today)
    {
        var dates = new List<(LocalDate Day, string Line)>();
        foreach (var milestone in followed.Select(delta => delta.Milestone).Where(milestone => !milestone.State.Status.IsFinal()))
        {
            var name = milestone.Definition.CalledBriefly();
            var window = milestone.State.Window;
            var ambiguousAhead = false;
            if (window?.Alternative?.Latest is { } other && other >= today && other < (window.Latest ?? LocalDate.MaxIsoValue))
            {
                dates.Add((other, $"{name}, if {Prose.Quoted(milestone.Phrase!)} means {Prose.MeansBefore(other)}"));
                ambiguousAhead = true;
            }
            if (window?.Latest is { } latest && latest >= today)
            {
                dates.Add(
                    (latest, ambiguousAhead ? $"{name}, if it means {Prose.MeansBy(latest)}" : $"{name}, {Prose.Quoted(milestone.Phrase!)}")
                );
            }
        }
        return
        [
            .. dates
                .GroupBy(date => date.Day)
                .OrderBy(group => group.Key)
                .Take(2)
                .Select(group => (Prose.BriefFull(group.Key), string.Join("; ", group.Select(date => date.Line)))),
        ];
    }

    private static List<string> RecordedBy(DigestInput input, List<MilestoneDelta> ranked)
    {
        var last = ranked
            .SelectMany(delta =>
                new[] { delta.Move, delta.StatusChange }.Concat(delta.Others).Concat(delta.Corrections.Select(c => c.Retraction))
            )
            .OfType<Entry>()
            .Where(entry => entry.Actor is not null)
            .MaxBy(entry => entry.Position);
        if (last is null)
        {
            return ["Said by the calendar, not by a person. If we correct this, we will tell you."];
        }
        var zone = ranked[0].Milestone.Zone;
        var at = last.RecordedAt.InZone(zone);
        var name = input.Names.TryGetValue(last.Actor!.Value, out var known) ? known : "an analyst";
        return
        [
            $"Recorded by {name}, {Prose.FullDay(at.Date)} {at.TimeOfDay.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)} {zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ')}. If we correct this, we will tell you.",
        ];
    }

    private static List<string> Newest(DigestInput input) =>
        input.NewestFact is { } newest ? [$"Newest fact on record: {Prose.FullDay(newest.InZone(input.Zone).Date)}."] : [];
}
