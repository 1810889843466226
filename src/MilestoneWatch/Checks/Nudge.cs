using System.Text;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web.Words;
using NodaTime;
using static MilestoneWatch.Mail.PlainText;

namespace MilestoneWatch.Checks;

/// <summary>The words of an analyst's weekly nudge: what waits, and where to settle it.</summary>
public sealed record Nudge(string Subject, string Intro, IReadOnlyList<Nudge.Item> Items, string? More, string Closing)
{
    /// <summary>As many as one sitting takes; the rest are counted.</summary>
    public const int Most = 20;

    public sealed record Item(string Title, string Why, string Happened, string Moved, string Looked);

    /// <param name="waiting">What waits, not empty, in the watchlist's order.</param>
    /// <param name="now">The pass's instant.</param>
    /// <param name="linkTo">The address at which an action on a milestone is confirmed.</param>
    public static Nudge Of(
        IReadOnlyList<(Milestone Milestone, IReadOnlyList<Waiting> Why)> waiting,
        Instant now,
        Func<string, string, string> linkTo
    )
    {
        var shown = waiting.OrderBy(item => item.Why[0]).Take(Most).ToList();
        var first = shown[0].Milestone.Definition.CalledBriefly();
        var others = waiting.Count - 1;
        var subject = others == 0 ? $"{first} waits for you" : $"{first} and {NumberWords.Count(others, "more", "more")} wait for you";
        return new Nudge(
            subject.Length <= 70
                ? subject
                : $"{NumberWords.Sentence(NumberWords.Count(waiting.Count, "milestone waits", "milestones wait"))} for you",
            $"{NumberWords.Sentence(NumberWords.Count(waiting.Count, "milestone waits", "milestones wait"))} for somebody who knows.",
            [
                .. shown.Select(item => new Item(
                    item.Milestone.Definition.Called(),
                    Why(item.Milestone, item.Why, now),
                    linkTo(item.Milestone.Slug, "happened"),
                    linkTo(item.Milestone.Slug, "moved"),
                    linkTo(item.Milestone.Slug, "looked")
                )),
            ],
            waiting.Count > shown.Count
                ? $"And {NumberWords.Count(waiting.Count - shown.Count, "more", "more")}: `mw attention` lists them all."
                : null,
            "You get this on Mondays, as long as something waits, because you record here. Ops can stop it with `mw user add NAME --no-mail`."
        );
    }

    public string Text()
    {
        var text = new StringBuilder();
        Wrapped(text, Intro, "", "");
        foreach (var item in Items)
        {
            Blank(text);
            Line(text, item.Title);
            Wrapped(text, item.Why, "  ", "  ");
            Line(text, $"  Happened:            {item.Happened}");
            Line(text, $"  Moved:               {item.Moved}");
            Line(text, $"  Looked, nothing new: {item.Looked}");
        }
        if (More is not null)
        {
            Blank(text);
            Wrapped(text, More, "", "");
        }
        Blank(text);
        Wrapped(text, Closing, "", "");
        return text.Replace('\u00a0', ' ').ToString();
    }

    /// <summary>Why it waits, in sentences, and when somebody last looked.</summary>
    internal static string Why(Milestone milestone, IReadOnlyList<Waiting> waiting, Instant now) =>
        string.Join(' ', waiting.Select(why => Sentence(milestone, why, now))) + LastLook(milestone);

    private static string Sentence(Milestone milestone, Waiting why, Instant now)
    {
        var today = now.InZone(milestone.Zone).Date;
        var state = milestone.State;
        var nothing = milestone.Definition.Outcome is { } outcome ? $"No {outcome}" : "Nothing";
        return why switch
        {
            Waiting.WindowClosed =>
                $"Promised for “{milestone.Phrase}”; the window ended on {DateWords.Long(state.Window!.Latest!.Value)}, {DateWords.Relative(state.Window.Latest.Value, today)}. {nothing} is on record.",
            Waiting.TargetReached => "What is on record has reached the target: does that settle it?",
            Waiting.MayBeDue =>
                $"On the earlier reading of “{milestone.Phrase}” it was due by {DateWords.Long(state.Window!.Alternative!.Value.Latest!.Value)}. {nothing} is on record.",
            _ => $"Nothing new on record since {DateWords.Long(milestone.SubstanceAt.InZone(milestone.Zone).Date)}.",
        };
    }

    private static string LastLook(Milestone milestone) =>
        milestone.State.LookedOn is { } on ? $" Last looked {DateWords.Long(on)}: nothing new." : "";
}
