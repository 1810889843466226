namespace MilestoneWatch.Web.Charts;

/// <summary>A chart's height: values from nothing at the bottom to a little more than the largest.</summary>
/// <param name="Top">The value at the upper edge; above 0.</param>
public sealed record ValueAxis(double Top)
{
    private static readonly double[] Parts = [0.2, 0.25, 0.5, 1, 2];

    /// <summary>Where the lines begin below the labels of the due day and of today, in pixels.</summary>
    public const int Above = 40;

    /// <summary>Of the space that values are drawn in.</summary>
    public const int Height = 150;

    /// <summary>The whole picture, with what is named below.</summary>
    public const int Whole = Above + Height + 28;

    public static ValueAxis Percent { get; } = new(1);

    public static ValueAxis Covering(IEnumerable<decimal> values) => new((double)Math.Max(values.Max(), 0.000001m) * 1.08);

    public double Y(decimal value) => Above + Height * (1 - Math.Clamp((double)value / Top, 0, 1));

    /// <summary>Round values from 0 up, three to six of them.</summary>
    public IReadOnlyList<decimal> Lines()
    {
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(Top)));
        var step = Parts.Select(part => part * magnitude).First(part => Top / part < 6);
        return [.. Enumerable.Range(0, (int)(Top / step) + 1).Select(i => (decimal)(i * step))];
    }
}
