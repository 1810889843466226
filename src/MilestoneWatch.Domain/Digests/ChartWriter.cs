using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Draws what a picture tells better than words: how a date slipped, how far a number has come.</summary>
internal sealed class ChartWriter(Language language, LocalDate today)
{
    // the first promise and the last three: what lies between is counted
    private const int Most = 4;

    /// <summary>Room on either side of what is drawn, in percent.</summary>
    private const decimal Margin = 2;

    /// <summary>The chart that the news calls for; null where words tell as much.</summary>
    public Chart? Of(MilestoneDelta delta)
    {
        var moved = delta.Move is not null && delta.MovedFrom is not null;
        return moved || delta.Clock.Any(entry => entry.Kind == EntryKind.WindowClosed) ? Moves(delta, moved) : Progress(delta);
    }

    private ChartOfMoves? Moves(MilestoneDelta delta, bool moved)
    {
        var promises = delta.History.Standing().Select(entry => entry.Body?.Change.PromiseSet()).OfType<Promise>().ToList();
        if (promises is not [var first, .., var now] || now.Window is { Earliest: null, Latest: null })
        {
            return null;
        }
        var skipped = Math.Max(0, promises.Count - Most);
        var shown = promises
            .Select((promise, at) => (promise.Phrase, promise.Window, Before: at == 0 ? null : promises[at - 1].Window))
            .Where((_, at) => at == 0 || at > skipped)
            .ToList();
        var days = shown.SelectMany(promise => new[] { promise.Window.Earliest, promise.Window.Latest }).OfType<LocalDate>().ToList();
        var (start, end) = (LocalDate.Min(days.Min(), today), LocalDate.Max(days.Max(), today));
        var bars = shown.ConvertAll(promise => new ChartBar(
            promise.Phrase,
            Detail(promise.Before, promise.Window),
            promise.Window.Earliest is { } from ? At(from, start, end) : 0,
            promise.Window.Latest is { } to ? At(to.PlusDays(1), start, end) : 100,
            promise.Window.Earliest is null,
            promise.Window.Latest is null
        ));
        var between = skipped == 0 ? "" : language.Count("mail.chart.between", skipped);
        return new ChartOfMoves
        {
            Bars = bars,
            Today = At(today, start, end),
            TodayLabel = language.Say("mail.chart.today", ("day", language.BriefFullDay(today))),
            Description = language.Say(
                "mail.chart.moves",
                ("bars", string.Join("; ", bars.Select(bar => $"{bar.Phrase}, {bar.Detail}")) + between),
                ("day", language.FullDay(today))
            ),
            // one move that is the news is told by its rows
            Caption = moved && promises.Count == 2 ? null : SinceFirst(first, now),
        };
    }

    private string Detail(Window? before, Window window)
    {
        var until = window.Latest is { } latest
            ? language.Say("mail.chart.until", ("day", language.BriefFullDay(latest)))
            : language.Say("mail.chart.open");
        return before is not null && Window.SlipInDays(before, window) is { } slip and not 0
            ? $"{until}, {language.Count(slip > 0 ? "mail.chart.later" : "mail.chart.earlier", Math.Abs(slip))}"
            : until;
    }

    private string SinceFirst(Promise first, Promise now) =>
        Window.SlipInDays(first.Window, now.Window) switch
        {
            > 0 and var days => language.Count("mail.chart.first_later", days, ("phrase", first.Phrase)),
            < 0 and var days => language.Count("mail.chart.first_earlier", -days, ("phrase", first.Phrase)),
            _ => language.Say("mail.chart.first", ("phrase", first.Phrase)),
        };

    private static decimal At(LocalDate day, LocalDate start, LocalDate end)
    {
        var width = Period.DaysBetween(start, end) + 1m;
        return Math.Round(Margin + Period.DaysBetween(start, day) * (100 - 2 * Margin) / width, 1);
    }

    private ChartOfProgress? Progress(MilestoneDelta delta)
    {
        var (state, definition) = (delta.Milestone.State, delta.Milestone.Definition);
        var (now, before, target) =
            delta.Milestone.Kind == MilestoneKind.Tally
                ? (state.Counted, delta.Before?.Counted, definition.Threshold)
                : (state.Progress, delta.Before?.Progress, definition.Target);
        if (delta.Before is null || now is not >= 0 || now == before || target is not > 0)
        {
            return null;
        }
        var scale = Math.Max(now.Value, target.Value);
        var was = before is >= 0 && before <= scale && (before > 0 || definition.Unit is not null) ? before : null;
        var value = language.Say(
            "mail.chart.value",
            ("amount", Amount(now.Value)),
            ("share", language.Percent(Math.Round(now.Value / target.Value, 2)))
        );
        var goal = language.Say("mail.chart.target", ("amount", Amount(target.Value)));
        var caption = was is { } then
            ? language.Say("mail.chart.was", ("before", Amount(then)), ("now", Amount(now.Value)), ("target", Amount(target.Value)))
            : null;
        return new ChartOfProgress
        {
            Value = value,
            Target = goal,
            Reached = Math.Round(now.Value * 100 / scale, 1),
            Before = was is { } old ? Math.Round(old * 100 / scale, 1) : null,
            TargetAt = Math.Round(target.Value * 100 / scale, 1),
            Description = caption ?? language.Say("mail.chart.progress", ("value", value), ("target", goal)),
            Caption = caption,
        };

        string Amount(decimal amount) => definition.Unit is { } unit ? $"{language.Number(amount)}\u00a0{unit}" : language.Number(amount);
    }
}
