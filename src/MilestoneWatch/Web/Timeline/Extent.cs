using MilestoneWatch.Domain.Windows;
using NodaTime;
using static MilestoneWatch.Web.Timeline.Shapes;

namespace MilestoneWatch.Web.Timeline;

/// <summary>Where a window's bar begins and ends, in percent, and which of its edges are hard.</summary>
internal readonly record struct Extent(double X, double EndX, Fade Fade)
{
    private const int LeastPixels = 5;

    public double Width => EndX - X;

    /// <param name="since">The day of the promise: where a bar with an open start fades in.</param>
    public static Extent Of(Window window, LocalDate? since, TimelineScale scale, LocalDate today)
    {
        var (from, to) = (window.Earliest, window.Latest) switch
        {
            ({ } earliest, { } latest) => (scale.X(earliest), scale.EndX(latest)),
            (null, { } latest) => (scale.X(Opening(since ?? today, latest)), scale.EndX(latest)),
            ({ } earliest, null) => (scale.X(earliest), 100),
            _ => (scale.NoonX(today), 100),
        };
        var fade = (window.Earliest, window.Latest) switch
        {
            _ when window.Approximate => Fade.Both,
            (null, null) => Fade.Both,
            (null, _) => Fade.Start,
            (_, null) => Fade.End,
            _ => Fade.None,
        };
        if (window.Approximate)
        {
            // the fading edges lie outside the bounds: around September may well be October
            var spread = Math.Max((to - from) * 0.4, scale.PercentOf(14));
            (from, to) = (Math.Max(0, from - spread), Math.Min(100, to + spread));
        }
        // a day is thinner than a pixel on a long timeline
        var least = scale.PercentOf(LeastPixels);
        if (to - from < least)
        {
            from = Math.Clamp(from - (least / 2), 0, 100 - least);
            to = from + least;
        }
        return new Extent(from, to, fade);
    }

    /// <summary>A promise made after, or just before, its own last day still needs a bar to look at.</summary>
    private static LocalDate Opening(LocalDate since, LocalDate latest) => LocalDate.Min(since, latest.PlusDays(-60));
}
