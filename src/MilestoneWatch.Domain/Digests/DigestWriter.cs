using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes a digest in plain words. Says what is on record, never more.</summary>
public static class DigestWriter
{
    public const int SubjectLimit = 70;

    /// <summary>What changed; <see cref="DigestInput.Changed"/> is not empty.</summary>
    public static DigestView Write(DigestInput input)
    {
        var prose = Prose.Of(input);
        var blocks = new BlockWriter(input, prose);
        var lines = new LineWriter(input, prose);
        var ranked = input.Changed.OrderBy(delta => delta.Weight).ToList();
        var sections = ranked
            .Where(delta => delta.Weight != Weight.Quiet)
            .GroupBy(delta => delta.Weight)
            .Select(group => new Section(Heading(group.Key, input.Language), [.. group.Select(blocks.Write)]))
            .ToList();
        var rest = input.Followed.ExceptBy(ranked.Select(delta => delta.Milestone.Id), delta => delta.Milestone.Id).ToList();
        return new DigestView
        {
            Language = input.Language,
            Subject = SubjectLine.Write(ranked, prose),
            Intro = input.Immediate ? null : Intro(input, ranked, prose),
            Sections = sections,
            Quiet = lines.Quiet([.. ranked.Where(delta => delta.Weight == Weight.Quiet)]),
            Unsettled = input.Immediate ? [] : [.. rest.Where(delta => delta.Milestone.NeedsAttention(input.Now)).Select(lines.Unsettled)],
            Unchanged = input.Immediate
                ? []
                :
                [
                    .. rest.Where(delta => delta.Milestone.State.Progress is not null && !delta.Milestone.NeedsAttention(input.Now))
                        .Select(lines.Unchanged),
                ],
            NextDates = input.Immediate ? [] : NextDates(lines, input.Language),
            Closing = input.Immediate ? RecordedBy(input, ranked) : Newest(input),
        };
    }

    /// <summary>Today's state of all that is followed, for a reader who has just joined; nothing is looked at but <see cref="DigestInput.Followed"/>.</summary>
    /// <remarks>With a milestone's history it also tells who promised and what was last looked at.</remarks>
    public static DigestView Welcome(DigestInput input) => new WelcomeWriter(input).Write();

    /// <summary>The sign of life after four weeks without a mail, in three lines.</summary>
    public static DigestView NothingChanged(DigestInput input) => new NothingChangedWriter(input).Write();

    /// <summary>"Last looked 2 October at Mistral AI: nothing new."; null if nobody has.</summary>
    public static string? LastLook(DigestInput input, MilestoneDelta delta) => new Silence(Prose.Of(input)).LastLook(delta);

    /// <summary>Whose promises all of them are; null where they are several's.</summary>
    internal static string? OnlySubject(IEnumerable<MilestoneDelta> deltas) =>
        deltas.Select(delta => delta.Milestone.SubjectName).Distinct(StringComparer.Ordinal).Take(2).ToList() is [var only] ? only : null;

    internal static List<(string, string)> NextDates(LineWriter lines, Language language) =>
        [.. lines.NextDates().Select(next => (language.BriefFullDay(next.Day), next.Line))];

    internal static List<string> Newest(DigestInput input) =>
        input.NewestFact is { } newest
            ? [input.Language.Say("digest.newest", ("day", input.Language.FullDay(newest.InZone(input.Zone).Date)))]
            : [];

    private static string Heading(Weight weight, Language language) =>
        language.Say(
            weight switch
            {
                Weight.Correction => "heading.correction",
                Weight.Settled => "heading.settled",
                Weight.Moved => "heading.moved",
                Weight.Closed => "heading.closed",
                Weight.TargetReached => "heading.target_reached",
                Weight.MayBeDue => "heading.may_be_due",
                Weight.ComingUp => "heading.coming_up",
                _ => "heading.new",
            }
        );

    private static string Intro(DigestInput input, List<MilestoneDelta> ranked, Prose prose)
    {
        var news = ranked.Count(delta => delta.Weight != Weight.Quiet);
        var changes = (input.PreviousMail, news) switch
        {
            ({ } day, 0) => input.Language.Say("digest.quiet_since_mail", ("day", prose.Day(day))),
            ({ } day, _) => input.Language.Count("digest.changes_since_mail", news, ("day", prose.Day(day))),
            (null, 0) => input.Language.Say("digest.quiet_since_joining"),
            (null, _) => input.Language.Count("digest.changes_since_joining", news),
        };
        return OnlySubject(input.Followed.Concat(ranked)) is { } subject
            ? $"{input.Language.Say("digest.whose", ("subject", subject))} {changes}"
            : changes;
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
            return [input.Language.Say("digest.said_by_calendar")];
        }
        var zone = ranked[0].Milestone.Zone;
        var at = last.RecordedAt.InZone(zone);
        return
        [
            input.Language.Say(
                "digest.recorded_by",
                ("who", input.NameOf(last.Actor)),
                ("day", input.Language.FullDay(at.Date)),
                ("time", input.Language.Time(at.TimeOfDay)),
                ("city", zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' '))
            ),
        ];
    }
}
