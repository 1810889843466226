namespace MilestoneWatch.Web.Timeline;

/// <summary>What a row is drawn from. X is in percent of the timeline's width, y in pixels from the row's top.</summary>
public static class Shapes
{
    /// <summary>Which edges of a bar fade out: a bound that is open or approximate does.</summary>
    public enum Fade
    {
        None,
        Start,
        End,
        Both,
    }

    public enum BarKind
    {
        Promise,
        OtherReading,
        Earlier,
        Forecast,
    }

    public enum Anchor
    {
        Start,
        End,
    }

    public sealed record Bar(BarKind Kind, double X, double Width, double Y, double Height, Fade Fade);

    public sealed record Line(string Class, double X1, double Y1, double X2, double Y2);

    /// <summary>A text; <paramref name="Y"/> is its baseline, <paramref name="Nudge"/> moves it right by pixels.</summary>
    public sealed record Label(string Class, double X, double Nudge, double Y, Anchor Anchor, string Text);

    /// <summary>A day on the line of the record: a dot for evidence, a tick for a look.</summary>
    public sealed record Mark(bool IsLook, double X, string Text);

    /// <summary>A status shape, centred on x plus <paramref name="Nudge"/> pixels.</summary>
    public sealed record Sign(string Shape, string Class, double X, double Nudge, double Y);
}
