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
        var zone = delta.Milestone.Zone;
        var promises = delta
            .History.Standing()
            .Where(entry => entry.Body?.Change.PromiseSet() is not null)
            .Select(entry => (Promise: entry.Body!.Change.PromiseSet()!, On: entry.HappenedOn ?? entry.RecordedAt.InZone(zone).Date))
            .ToList();
        if (promises is not [var (first, _), .., var (now, _)] || now.Window is { Earliest: null, Latest: null })
        {
            return null;
        }
        var skipped = Math.Max(0, promises.Count - Most);
        var shown = promises
            .Select((one, at) => (one.Promise.Phrase, one.Promise.Window, one.On, Before: at == 0 ? null : promises[at - 1].Promise.Window))
            .Where((_, at) => at == 0 || at > skipped)
            .ToList();
        // an open start is drawn from the day of the promise on, an open end for a while
        var days = shown.SelectMany(one => new[] { one.Window.Earliest ?? one.On, one.Window.Latest }).OfType<LocalDate>().ToList();
        var (start, end) = (LocalDate.Min(days.Min(), today), LocalDate.Max(days.Max(), today));
        if (shown.Exists(one => one.Window.Latest is null))
        {
            end = end.PlusDays(Math.Max(90, Period.DaysBetween(start, end) / 4));
        }
        var bars = shown.ConvertAll(one => new ChartBar(
            one.Phrase,
            Detail(one.Before, one.Window),
            one.Window.Earliest is { } from ? At(from, start, end) : 0,
            one.Window.Latest is { } to ? At(to.PlusDays(1), start, end) : 100,
            one.Window.Earliest is null,
            one.Window.Latest is null
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
