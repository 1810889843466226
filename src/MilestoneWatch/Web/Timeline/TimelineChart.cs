using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;
using static MilestoneWatch.Web.Timeline.Shapes;

namespace MilestoneWatch.Web.Timeline;

/// <summary>The whole timeline: a pure function of the rows and the day that counts as today.</summary>
public sealed record TimelineChart(
    TimelineScale Scale,
    IReadOnlyList<Tick> Ticks,
    double TodayX,
    IReadOnlyList<(MilestoneRow Row, RowDrawing Drawing)> Rows
)
{
    public static TimelineChart Of(IReadOnlyList<MilestoneRow> rows, LocalDate today)
    {
        var scale = TimelineScale.Covering(rows, today);
        return new TimelineChart(
            scale,
            TimelineAxis.Ticks(scale),
            scale.NoonX(today),
            [.. rows.Select(row => (row, RowPainter.Draw(row, scale, today)))]
        );
    }

    public bool Has(BarKind kind) => Rows.Any(row => row.Drawing.Bars.Any(bar => bar.Kind == kind));

    public bool HasFade => Rows.Any(row => row.Drawing.Bars.Any(bar => bar.Fade != Fade.None));

    public bool HasSilence => Rows.Any(row => row.Drawing.Lines.Any(line => line.Class is "tl-silence"));

    public bool HasMarks(bool looks) => Rows.Any(row => row.Drawing.Marks.Any(mark => mark.IsLook == looks));

    /// <summary>A row in words, for those who do not see it.</summary>
    public static string Describe(MilestoneRow row, LocalDate today)
    {
        var said = new List<string> { $"{NumberWords.Sentence(StatusFace.Of(row.Status).Word)}." };
        if (row.Promise is { } promise)
        {
            said.Add($"Promised for “{promise.Phrase}”: {WindowWords.Range(promise.Window)}.");
            if (promise.Window.Alternative is { } other)
            {
                said.Add($"It can also be read as {WindowWords.Range(other)}.");
            }
        }
        if (!row.Settled)
        {
            said.Add($"{NumberWords.Sentence(WindowWords.Due(row, today))}.");
        }
        if (row.Earlier is [var first, ..])
        {
            said.Add($"First promised for “{first.Phrase}”{(row.SlipInDays is { } slip ? $", now {DateWords.Moved(slip)}" : "")}.");
        }
        if (row.Evidence.Count > 0)
        {
            said.Add($"Newest evidence on record: {DateWords.Long(row.Evidence.Max())}.");
        }
        if (row.Looks.Count > 0)
        {
            said.Add($"Last looked {DateWords.Long(row.Looks.Max())}, nothing new.");
        }
        if (row.Attention is { } attention)
        {
            said.Add($"Needs a look: {attention}");
        }
        return string.Join(' ', said);
    }
}
