using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;
using static MilestoneWatch.Web.Timeline.Shapes;

namespace MilestoneWatch.Web.Timeline;

/// <summary>Draws one milestone's row, from top to bottom: the promise that stands, its other reading, earlier promises, the record.</summary>
internal sealed class RowPainter
{
    private const double BarTop = 20;
    private const double BarHeight = 14;
    private const double ThinHeight = 9;
    private const double FontHeight = 14;

    private readonly TimelineScale scale;
    private readonly LocalDate today;
    private readonly List<Bar> bars = [];
    private readonly List<Line> lines = [];
    private readonly List<Label> labels = [];
    private readonly List<Mark> marks = [];
    private readonly List<Sign> signs = [];
    private double bottom = BarTop + BarHeight;

    private RowPainter(TimelineScale scale, LocalDate today) => (this.scale, this.today) = (scale, today);

    public static RowDrawing Draw(MilestoneRow row, TimelineScale scale, LocalDate today) => new RowPainter(scale, today).Draw(row);

    private RowDrawing Draw(MilestoneRow row)
    {
        if (row.Promise is { } promise)
        {
            DrawPromise(row, promise);
            DrawOtherReading(promise);
            DrawEarlier(row.Earlier, promise);
        }
        else
        {
            Text("tl-quiet", scale.NoonX(today), 8, BarTop + 11, "no date promised");
        }
        DrawForecast(row.Forecast);
        var recordY = DrawRecord(row);
        return new RowDrawing(bottom + 8, scale.NoonX(today), recordY, bars, lines, labels, marks, signs);
    }

    private void DrawPromise(MilestoneRow row, PromiseView promise)
    {
        var extent = Extent.Of(promise.Window, promise.Since, scale, today);
        bars.Add(new Bar(BarKind.Promise, extent.X, extent.Width, BarTop, BarHeight, extent.Fade));
        LabelBar("tl-phrase", extent, BarTop - 6, promise.Phrase);
        if (row.SettledOn is { } settled)
        {
            var face = StatusFace.Of(row.Status);
            signs.Add(new Sign(face.Shape, face.Class, scale.NoonX(settled), 0, BarTop + (BarHeight / 2)));
        }
        else if (row.Attention is not null && promise.Window.Latest is { } latest && latest < today)
        {
            // from the day that passed to today: the silence itself
            var y = BarTop + (BarHeight / 2);
            var look = StatusFace.NeedsALook;
            lines.Add(new Line("tl-silence", scale.EndX(latest), y, scale.NoonX(today), y));
            signs.Add(new Sign(look.Shape, look.Class, scale.NoonX(today), 0, y));
            var past = Period.DaysBetween(latest, today);
            Text("tl-look", scale.NoonX(today), 13, y + 4.5, $"{DateWords.Days(past)} past");
        }
    }

    private void DrawOtherReading(PromiseView promise)
    {
        if (promise.Window.Alternative is not { } other)
        {
            return;
        }
        var window = promise.Window with { Earliest = other.Earliest, Latest = other.Latest };
        var extent = Extent.Of(window, promise.Since, scale, today);
        var top = bottom + 4;
        bars.Add(new Bar(BarKind.OtherReading, extent.X, extent.Width, top, ThinHeight, extent.Fade));
        var text = WindowWords.OtherReading(other);
        var fitsAfter = scale.Pixels(extent.EndX) + 6 + TextWidth(text) <= scale.MinWidth;
        if (fitsAfter)
        {
            Text("tl-quiet", extent.EndX, 6, top + 9, text);
            bottom = top + ThinHeight + 3;
        }
        else
        {
            LabelBar("tl-quiet", extent, top + ThinHeight + FontHeight - 1, text);
            bottom = top + ThinHeight + FontHeight + 2;
        }
    }

    /// <summary>Newest on top, each joined by a step to the promise that replaced it.</summary>
    private void DrawEarlier(IReadOnlyList<PromiseView> earlier, PromiseView current)
    {
        var (next, nextBottom) = (current, BarTop + BarHeight);
        foreach (var promise in earlier.Reverse())
        {
            var extent = Extent.Of(promise.Window, promise.Since, scale, today);
            var top = bottom + 9;
            bars.Add(new Bar(BarKind.Earlier, extent.X, extent.Width, top, ThinHeight, extent.Fade));
            DrawStep(promise.Window, next.Window, extent, top, nextBottom);
            LabelBar("tl-quiet", extent, top + ThinHeight + FontHeight - 1, promise.Phrase);
            bottom = top + ThinHeight + FontHeight + 2;
            (next, nextBottom) = (promise, top + ThinHeight);
        }
    }

    private void DrawStep(Window was, Window now, Extent from, double top, double nextBottom)
    {
        if (Window.SlipInDays(was, now) is not { } slip || now.Latest is not { } latest)
        {
            return;
        }
        var (x1, x2) = (from.EndX, scale.EndX(latest));
        var text = DateWords.Slip(slip);
        var middle = top + (ThinHeight / 2);
        if (slip > 0)
        {
            lines.Add(new Line("tl-step", x1, middle, x2, middle));
            lines.Add(new Line("tl-step", x2, middle, x2, nextBottom));
        }
        else
        {
            // an earlier date: up, back over the ghost and up again, so that the step never runs through it
            var between = top - 4;
            lines.Add(new Line("tl-step", x1, top, x1, between));
            lines.Add(new Line("tl-step", x1, between, x2, between));
            lines.Add(new Line("tl-step", x2, between, x2, nextBottom));
        }
        var right = Math.Max(x1, x2);
        if (scale.Pixels(right) + 7 + TextWidth(text) <= scale.MinWidth)
        {
            Text("tl-slip", right, 7, middle + 4.5, text);
        }
        else
        {
            Text("tl-slip", right, -5, middle + FontHeight + 3, text, Anchor.End);
        }
    }

    /// <summary>A quiet band under the bars, as tall as it is likely.</summary>
    private void DrawForecast(IReadOnlyList<ForecastPoint> forecast)
    {
        if (forecast.Count == 0)
        {
            return;
        }
        const double tallest = 16;
        var ground = bottom + 6 + tallest;
        var points = forecast.OrderBy(point => point.By).ToList();
        var x = Math.Min(scale.NoonX(today), scale.X(points[0].By));
        foreach (var point in points)
        {
            var end = scale.EndX(point.By);
            var height = Math.Max(1, tallest * (double)point.Probability);
            bars.Add(new Bar(BarKind.Forecast, x, end - x, ground - height, height, Fade.None));
            x = end;
        }
        var last = points[^1];
        var text = $"{Domain.Words.AboutPercent(last.Probability)} by {DateWords.Long(last.By)}, forecast";
        if (scale.Pixels(x) + 6 + TextWidth(text) <= scale.MinWidth)
        {
            Text("tl-quiet", x, 6, ground - 2, text);
        }
        else
        {
            Text("tl-quiet", x, 0, ground + FontHeight, text, Anchor.End);
            ground += FontHeight + 2;
        }
        bottom = ground + 2;
    }

    private double? DrawRecord(MilestoneRow row)
    {
        if (row.Looks.Count + row.Evidence.Count == 0)
        {
            return null;
        }
        marks.AddRange(
            row.Looks.Distinct().Order().Select(day => new Mark(true, scale.NoonX(day), $"Looked, nothing new: {DateWords.Long(day)}"))
        );
        marks.AddRange(
            row.Evidence.GroupBy(day => day)
                .OrderBy(day => day.Key)
                .Select(day => new Mark(
                    false,
                    scale.NoonX(day.Key),
                    $"{NumberWords.Sentence(NumberWords.Count(day.Count(), "piece", "pieces"))} of evidence: {DateWords.Long(day.Key)}"
                ))
        );
        var y = bottom + 12;
        bottom = y + 5;
        return y;
    }

    /// <summary>Begins at a bar's hard edge: its start, or its end where the start is open or the words would run out.</summary>
    private void LabelBar(string @class, Extent extent, double y, string text)
    {
        var width = TextWidth(text);
        var fromStart = scale.Pixels(extent.X) + width <= scale.MinWidth;
        var toEnd = scale.Pixels(extent.EndX) >= width;
        if (toEnd && (extent.Fade is Fade.Start || !fromStart))
        {
            Text(@class, extent.EndX, 0, y, text, Anchor.End);
        }
        else
        {
            Text(@class, fromStart ? extent.X : 0, 0, y, text);
        }
    }

    private void Text(string @class, double x, double nudge, double y, string text, Anchor anchor = Anchor.Start) =>
        labels.Add(new Label(@class, x, nudge, y, anchor, text));

    /// <summary>Pixels, on the generous side, at the size that the timeline's texts have.</summary>
    private static double TextWidth(string text) => text.Length * 7.2;
}
