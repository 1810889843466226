using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes the mail on joining: where everything that is followed stands today, what matters first.</summary>
internal sealed class WelcomeWriter
{
    /// <summary>How many are told; the rest is on the site.</summary>
    private const int Told = 25;

    private readonly DigestInput _input;
    private readonly Prose _prose;
    private readonly Language _language;
    private readonly LineWriter _lines;
    private readonly ClockWriter _clock;
    private readonly Silence _silence;

    public WelcomeWriter(DigestInput input)
    {
        _input = input;
        _language = input.Language;
        _prose = Prose.Of(input);
        _lines = new LineWriter(input, _prose);
        _clock = new ClockWriter(_prose);
        _silence = new Silence(_prose);
    }

    // in the order in which a reader wants them
    private enum Place
    {
        Unsettled,
        Dated,
        Question,
        Undated,
        Settled,
    }

    public DigestView Write()
    {
        var all = _input
            .Followed.Select(delta => (Delta: delta, Place: PlaceOf(delta.Milestone)))
            .OrderBy(one => one.Place)
            .ThenBy(one => Ahead(one.Delta.Milestone))
            .ToList();
        var nextDates = DigestWriter.NextDates(_lines, _language);
        List<string> closing = [_language.Say("welcome.from_now"), .. DigestWriter.Newest(_input)];
        if (all.Count > Told)
        {
            closing.Insert(0, _language.Count("welcome.more", all.Count - Told));
        }
        return new DigestView
        {
            Language = _language,
            Subject = SubjectLine.Fit(Subject(all.Count(one => one.Place == Place.Unsettled))),
            Intro = Intro(),
            Sections =
            [
                .. all.Take(Told)
                    .GroupBy(one => one.Place)
                    .Select(group => new Section(Heading(group.Key), [.. group.Select(one => Write(one.Delta, one.Place))])),
            ],
            NextDates = nextDates,
            Closing = closing,
        };
    }

    private int Questions => _input.Followed.Count(delta => delta.Milestone.Kind == MilestoneKind.Question);

    private int Promises => _input.Followed.Count - Questions;

    private string Subject(int unsettled) =>
        _input.Followed.Count == 0 ? _language.Say("subject.welcome_empty")
        : Promises == 0 ? _language.Count("subject.welcome_questions", Questions)
        : _lines.NextDates() is [var (day, _), ..] ? _language.Count("subject.welcome_next", Promises, ("day", _prose.Day(day)))
        : unsettled > 0 ? _language.Count("subject.welcome_unsettled", Promises, ("unsettled", _language.Number(unsettled)))
        : _language.Count("subject.welcome", Promises);

    private string Intro()
    {
        if (_input.Followed.Count == 0)
        {
            return _language.Say("welcome.empty");
        }
        List<string> counts = [];
        if (Promises > 0)
        {
            counts.Add(_language.Count("welcome.promises", Promises));
        }
        if (Questions > 0)
        {
            counts.Add(_language.Count("welcome.questions", Questions));
        }
        var what = ("what", _language.Join("text.and", counts));
        return DigestWriter.OnlySubject(_input.Followed) is { } subject
            ? _language.Say("welcome.intro_of", ("subject", subject), what)
            : _language.Say("welcome.intro", what);
    }

    private string Heading(Place place) =>
        _language.Say(
            place switch
            {
                Place.Unsettled => "heading.unsettled",
                Place.Dated => "heading.dated",
                Place.Question => "heading.questions",
                Place.Undated => "heading.undated",
                _ => "heading.settled",
            }
        );

    private Place PlaceOf(Milestone milestone) =>
        milestone.State.Status.IsFinal() ? Place.Settled
        : Waits(milestone).Count > 0 ? Place.Unsettled
        : milestone.State.Window is { Earliest: not null } or { Latest: not null } ? Place.Dated
        : milestone.Kind == MilestoneKind.Question ? Place.Question
        : Place.Undated;

    private IReadOnlyList<Waiting> Waits(Milestone milestone) =>
        [.. Attention.Of(milestone, _input.Now).Where(waiting => waiting != Waiting.GoneQuiet)];

    // the day that orders it among its like
    private LocalDate Ahead(Milestone milestone) =>
        _lines.EarlierReading(milestone) ?? milestone.State.Window?.Latest ?? milestone.State.Window?.Earliest ?? LocalDate.MaxIsoValue;

    private Block Write(MilestoneDelta delta, Place place)
    {
        var milestone = delta.Milestone;
        var sentences = new List<string?> { Stands(delta, place), place == Place.Settled ? null : Moved(milestone.State) };
        if (place == Place.Unsettled)
        {
            sentences.AddRange(Waits(milestone).SelectMany(waiting => Why(delta, waiting)));
        }
        else if (place != Place.Settled && _lines.EarlierReading(milestone) is { } other)
        {
            sentences.Add(_language.Say("welcome.or_earlier", ("before", _prose.MeansBefore(other)), ("day", _language.FullDay(other))));
        }
        sentences.Add(milestone.Kind == MilestoneKind.Tally ? Counted(milestone) : _clock.SoFar(delta));
        sentences.Add(place == Place.Settled ? null : _silence.LastLook(delta));
        return new Block(milestone.Definition.Called(), milestone.Slug, [], [.. sentences.OfType<string>()]);
    }

    private string? Stands(MilestoneDelta delta, Place place)
    {
        var state = delta.Milestone.State;
        var status = ("status", Words.Of(state.Status, _language));
        if (place == Place.Settled)
        {
            return state.StatusOn is { } on
                ? _language.Say("welcome.settled_on", status, ("day", _prose.Day(on)))
                : _language.Say("welcome.settled", status);
        }
        return state.Window is { } window
                ? _language.Say(
                    "welcome.promised",
                    status,
                    ("promised", _prose.Credited(_prose.Promised(delta.Milestone), delta.At(state.WindowPosition))),
                    ("span", _prose.Span(window))
                )
            // the heading says all there is
            : place == Place.Question ? null
            : _language.Say("welcome.undated", status);
    }

    private string Counted(Milestone milestone) =>
        milestone.Definition.Threshold is { } enough
            ? _language.Count("welcome.counted_of", milestone.State.Counted, ("threshold", _language.Number(enough)))
            : _language.Count("welcome.counted", milestone.State.Counted);

    private string? Moved(MilestoneState state) =>
        state is not { Moves: > 0, Window: { } window } ? null
        : state.FirstWindow is { } first && _prose.Slip(first, window) is { } slip
            ? _language.Count("welcome.moved_by", state.Moves, ("slip", slip))
        : _language.Count("welcome.moved", state.Moves);

    private IEnumerable<string> Why(MilestoneDelta delta, Waiting waiting)
    {
        var milestone = delta.Milestone;
        switch (waiting)
        {
            case Waiting.WindowClosed:
                yield return _language.Count(
                    "welcome.ended",
                    _prose.DaysSince(milestone.State.Window!.Latest!.Value),
                    ("nothing", _prose.Nothing(milestone.Definition))
                );
                if (_silence.Against(delta) is { } against)
                {
                    yield return _language.Say("digest.yet", ("against", against));
                }
                break;
            case Waiting.MayBeDue:
                yield return _clock.MayBeDue(milestone);
                break;
            case Waiting.TargetReached:
                yield return _language.Say("digest.target_reached");
                break;
            default:
                break;
        }
    }
}
