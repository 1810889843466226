using static MilestoneWatch.Web.Timeline.Shapes;

namespace MilestoneWatch.Web.Timeline;

/// <summary>One row of the timeline, ready to be written as SVG.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="TodayX">Where today's line crosses it, in percent.</param>
/// <param name="RecordY">The line of the record that the marks stand on; null when there are none.</param>
public sealed record RowDrawing(
    double Height,
    double TodayX,
    double? RecordY,
    IReadOnlyList<Bar> Bars,
    IReadOnlyList<Line> Lines,
    IReadOnlyList<Label> Labels,
    IReadOnlyList<Mark> Marks,
    IReadOnlyList<Sign> Signs
);
