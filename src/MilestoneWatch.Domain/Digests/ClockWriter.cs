using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes what the calendar said of a milestone.</summary>
internal sealed class ClockWriter(Prose prose)
{
    public IEnumerable<string> Write(MilestoneDelta delta, ClockSaid said)
    {
        IEnumerable<string> sentences = said.Said switch
        {
            EntryKind.WindowClosed => Closed(delta, said),
            EntryKind.DueSoon =>
            [
                DueSoon(delta.Milestone, said),
                prose.Language.Say("digest.nothing_so_far", ("nothing", prose.Nothing(delta.Milestone.Definition))),
            ],
            EntryKind.WindowOpened => [Opened(delta.Milestone, said)],
            EntryKind.MayBeDue => [MayBeDue(delta.Milestone)],
            EntryKind.TargetReached => [prose.Language.Say("digest.target_reached")],
            EntryKind.GoneQuiet => [prose.Language.Count("digest.gone_quiet", said.Days ?? 0)],
            _ => [],
        };
        var told = delta.Tells(delta.Milestone.State.ProgressPosition);
        var soFar = told || said.Said is EntryKind.WindowOpened or EntryKind.GoneQuiet ? null : SoFar(delta);
        return soFar is null ? sentences : sentences.Append(soFar);
    }

    /// <summary>"If "by 2027" means before 2027 begins, it was due by …"; for a milestone whose date can be read in two ways.</summary>
    public string MayBeDue(Milestone milestone)
    {
        var window = milestone.State.Window!;
        var other = window.Alternative!.Value.Latest!.Value;
        var phrase = prose.Promised(milestone);
        var nothing = prose.Nothing(milestone.Definition);
        return window.Latest is { } printed
            ? prose.Language.Say(
                "digest.may_be_due",
                ("phrase", phrase),
                ("before", prose.MeansBefore(other)),
                ("day", prose.Day(other)),
                ("by", prose.MeansBy(printed)),
                ("nothing", nothing)
            )
            : prose.Language.Say(
                "digest.may_be_due_open",
                ("phrase", phrase),
                ("before", prose.MeansBefore(other)),
                ("day", prose.Day(other)),
                ("nothing", nothing)
            );
    }

    /// <summary>"So far: 40 MW reported (20%)."; null without a reading.</summary>
    public string? SoFar(MilestoneDelta delta) =>
        delta.Milestone.State.Progress is { } value
            ? prose.Language.Say("digest.so_far", ("progress", prose.Progress(value, delta.ProgressStanding(), delta.Milestone.Definition)))
            : null;

    private IEnumerable<string> Closed(MilestoneDelta delta, ClockSaid said)
    {
        var milestone = delta.Milestone;
        yield return prose.Language.Say(
            milestone.State.Moves == 0 ? "digest.closed" : "digest.closed_again",
            ("promised", prose.Credited(prose.Promised(milestone), delta.At(milestone.State.WindowPosition))),
            ("day", prose.Day(said.On)),
            ("nothing", prose.Nothing(milestone.Definition))
        );
        yield return prose.Language.Say("digest.silence");
        var silence = new Silence(prose);
        if (silence.Against(delta) is { } against)
        {
            yield return prose.Language.Say("digest.yet", ("against", against));
        }
        if (silence.LastLook(delta) is { } look)
        {
            yield return look;
        }
        if (Readings.Differ(delta, prose) is { } differ)
        {
            yield return differ;
        }
    }

    private string DueSoon(Milestone milestone, ClockSaid said)
    {
        var phrase = ("phrase", prose.Promised(milestone));
        var day = ("day", prose.Day(said.On));
        return -prose.DaysSince(said.On) switch
        {
            < 0 => prose.Language.Say("digest.due_past", phrase, day),
            0 => prose.Language.Say("digest.due_today", phrase),
            1 => prose.Language.Say("digest.due_tomorrow", phrase, day),
            var left => prose.Language.Count("digest.due_soon", left, phrase, day),
        };
    }

    private string Opened(Milestone milestone, ClockSaid said)
    {
        var phrase = ("phrase", prose.Promised(milestone));
        var day = ("day", prose.Day(said.On));
        return milestone.State.Window?.Latest is { } latest
            ? prose.Language.Say("digest.opened_until", phrase, day, ("end", prose.Day(latest)))
            : prose.Language.Say("digest.opened", phrase, day);
    }
}
