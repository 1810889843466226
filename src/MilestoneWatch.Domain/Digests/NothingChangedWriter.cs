using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes the sign of life after four weeks without a mail: nothing changed, what waits, how fresh the record is.</summary>
internal sealed class NothingChangedWriter(DigestInput input)
{
    private const int Named = 3;

    private readonly Prose _prose = Prose.Of(input);
    private readonly Language _language = input.Language;

    public DigestView Write()
    {
        var since = input.PreviousMail is { } day
            ? _language.Say("same.since_mail", ("day", _prose.Day(day)))
            : _language.Say("same.since_joining");
        return new DigestView
        {
            Language = _language,
            Subject = SubjectLine.Fit(
                input.PreviousMail is { } mail
                    ? _language.Say("subject.same_since_mail", ("day", _prose.Day(mail)))
                    : _language.Say("subject.same_since_joining")
            ),
            Intro = string.Join(' ', new[] { since, Unsettled(), Next() }.OfType<string>()),
            Sections = [],
            Closing = [.. DigestWriter.Newest(input), _language.Say("same.turn_off")],
        };
    }

    private string? Unsettled()
    {
        var unsettled = input
            .Followed.Select(delta => delta.Milestone)
            .Where(milestone => milestone.NeedsAttention(input.Now))
            .OrderBy(milestone => milestone.State.Window!.Latest)
            .ToList();
        if (unsettled.Count == 0)
        {
            return null;
        }
        var what = _language.Join("text.semicolon", unsettled.Take(Named).Select(Due));
        var more = unsettled.Count - Named;
        return _language.Say("same.unsettled", ("what", more > 0 ? _language.Count("text.and_more", more, ("what", what)) : what));
    }

    private string Due(Milestone milestone) =>
        _language.Say(
            "same.due",
            ("name", milestone.Definition.CalledBriefly()),
            ("day", _prose.Day(milestone.State.Window!.Latest!.Value))
        );

    private string Next() =>
        new LineWriter(input, _prose).NextDates() is [var (day, line), ..]
            ? _language.Say("same.next", ("day", _language.FullDay(day)), ("what", line))
            : _language.Say("same.no_next");
}
