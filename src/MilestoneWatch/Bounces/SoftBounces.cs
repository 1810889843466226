namespace MilestoneWatch.Bounces;

/// <summary>How often mail came back lately: a bounce counts one up, a mail that stayed one down.</summary>
internal static class SoftBounces
{
    /// <param name="cameBack">Of each mail in the order they went, whether it came back.</param>
    public static int Count(IEnumerable<bool> cameBack) =>
        cameBack.Aggregate(0, (count, back) => back ? count + 1 : Math.Max(0, count - 1));
}
