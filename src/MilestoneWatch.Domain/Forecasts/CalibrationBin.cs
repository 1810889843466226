namespace MilestoneWatch.Domain.Forecasts;

/// <summary>The forecasts that stated about the same probability.</summary>
/// <param name="From">The lowest probability that belongs here, 0 to 0.9.</param>
/// <param name="Stated">The mean of what was stated, <paramref name="From"/> to less than 0.1 above it.</param>
/// <param name="CameTrue">How many came true, of all here; at least one.</param>
public sealed record CalibrationBin(decimal From, decimal Stated, Share CameTrue)
{
    /// <summary>Where the next begins: 0.1 to 1.</summary>
    public decimal To => From + Calibration.Width;
}
