using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Web.Feeds;

/// <summary>A milestone's event in somebody's language: at its window's latest day, or spanning the window.</summary>
/// <param name="language">Whom it is for.</param>
/// <param name="span">Whether it spans the window where both of its ends are known.</param>
/// <param name="linkTo">A page's full address.</param>
internal sealed class PromisedDay(Language language, bool span, Func<string, string> linkTo)
{
    /// <summary>The event; null where no day was ever promised. One whose day is gone stays, cancelled, so that calendars drop it.</summary>
    /// <param name="milestone">As it is now.</param>
    /// <param name="promises">Its entries that set or withdrew a date, oldest first; none are needed where the date never moved.</param>
    /// <param name="uid">What its first entry is known by.</param>
    public CalendarEvent? Of(Milestone milestone, IReadOnlyList<Entry> promises, string uid)
    {
        var gone = milestone.State.Window?.Latest is null;
        var window = gone ? promises.LastOrDefault(entry => entry.State.Window?.Latest is not null)?.State.Window : milestone.State.Window;
        return window?.Latest is not { } latest
            ? null
            : new CalendarEvent
            {
                Uid = uid,
                Sequence = milestone.State.Revision,
                From = span && window.Earliest is { } earliest ? earliest : latest,
                To = latest,
                Status =
                    gone || milestone.State.Status == Status.Cancelled ? "CANCELLED"
                    : milestone.State.Status.IsFinal() || IsHard(window) ? "CONFIRMED"
                    : "TENTATIVE",
                Summary = Summary(milestone, gone ? null : window),
                Description = Description(milestone, promises),
                Category = milestone.SubjectName,
                Url = linkTo(Links.Milestone(milestone.Slug)),
                ChangedAt = milestone.ChangedAt,
            };
    }

    // "by 15 June" has a hard end, and says nothing of the day itself
    private static bool IsHard(Window window) => window.Earliest == window.Latest && window is { Approximate: false, Ambiguous: false };

    private string Summary(Milestone milestone, Window? window)
    {
        var title = milestone.Definition.Title;
        var status = milestone.State.Status;
        return status.IsFinal()
                ? language.Say(
                    "feed.summary.settled",
                    ("mark", Domain.Words.Shape(status).ToString()),
                    ("status", Domain.Words.Of(status, language)),
                    ("title", title)
                )
            : window is null ? language.Say("feed.summary.undated", ("title", title))
            : IsHard(window) ? title
            : language.Say("feed.summary.fuzzy", ("title", title), ("phrase", milestone.Phrase!));
    }

    private string Description(Milestone milestone, IReadOnlyList<Entry> promises)
    {
        var state = milestone.State;
        var lines = new List<string>
        {
            state.Window is null
                ? language.Say("feed.event.undated")
                : language.Say("feed.event.promised", ("phrase", milestone.Phrase!), ("when", When(state.Window))),
        };
        if (state.Window?.Alternative is { } other)
        {
            lines.Add(language.Say("feed.event.otherwise", ("when", When(other))));
        }
        lines.AddRange(Moves(promises));
        lines.Add(
            state is { StatusOn: { } on }
                ? language.Say("feed.event.status_on", ("status", Domain.Words.Of(state.Status, language)), ("day", language.FullDay(on)))
                : language.Say("feed.event.status", ("status", Domain.Words.Of(state.Status, language)))
        );
        if (milestone.Definition.CountsWhen is { } settles)
        {
            lines.Add(language.Say("feed.event.settles", ("what", settles)));
        }
        lines.Add(linkTo(Links.Milestone(milestone.Slug)));
        return string.Join('\n', lines);
    }

    private IEnumerable<string> Moves(IReadOnlyList<Entry> promises)
    {
        var dated = promises.Standing().Where(entry => entry.Kind != EntryKind.Retracted && entry.State.Window is not null).ToList();
        if (dated.Count < 2)
        {
            yield break;
        }
        yield return language.Say("feed.event.moves");
        Window? before = null;
        foreach (var entry in dated)
        {
            var window = entry.State.Window!;
            var phrase = entry.Body?.Change.PromiseSet()?.Phrase ?? WindowPhrase.Print(window);
            var move = language.Say("feed.event.move", ("phrase", phrase), ("when", When(window)));
            yield return before is not null && Domain.Words.Slip(before, window, language) is { } slip
                ? language.Join("text.comma", [move, slip])
                : move;
            before = window;
        }
    }

    private string When(Window window)
    {
        var when = When(new Bounds(window.Earliest, window.Latest));
        return window.Approximate ? language.Say("feed.around", ("when", when)) : when;
    }

    private string When(Bounds bounds) => Domain.Words.Of(bounds, language);
}
