namespace MilestoneWatch.Domain;

/// <summary>So many of so many, and how far that tells the rate behind it.</summary>
/// <remarks>
/// The interval is Wilson's score interval at 95%, without correction for continuity: E. B. Wilson, "Probable inference, the law of
/// succession, and statistical inference", Journal of the American Statistical Association 22 (1927), 209–212. It stays within 0 and 1 and
/// holds for small numbers too. It takes the cases for independent of each other; where they are not, the truth is less certain still.
/// </remarks>
public readonly record struct Share
{
    /// <summary>With fewer cases than this, only the counts are said: no rate.</summary>
    public const int Enough = 5;

    // the normal distribution's 97.5% point
    private const double Z = 1.959963984540054;

    /// <param name="hits">How many did: 0 to <paramref name="count"/>.</param>
    /// <param name="count">Of how many: 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There cannot be so many of so many.</exception>
    public Share(int hits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, count);
        (Hits, Count) = (hits, count);
    }

    /// <summary>How many did.</summary>
    public int Hits { get; }

    /// <summary>Of how many.</summary>
    public int Count { get; }

    /// <summary>Whether there are too few cases to say a rate.</summary>
    public bool TooFew => Count < Enough;

    /// <summary>Hits over count, 0 to 1; null of none.</summary>
    public double? Rate => Count == 0 ? null : (double)Hits / Count;

    /// <summary>The interval's lower end, 0 to 1; exactly 0 without a hit, also of none.</summary>
    public double Low => Hits == 0 ? 0 : Math.Max(0, Centre - Half);

    /// <summary>The interval's upper end, 0 to 1; exactly 1 without a miss, also of none.</summary>
    public double High => Hits == Count ? 1 : Math.Min(1, Centre + Half);

    private double Centre => (Hits + Z * Z / 2) / (Count + Z * Z);

    private double Half => Z * Math.Sqrt((double)Hits * (Count - Hits) / Count + Z * Z / 4) / (Count + Z * Z);
}
