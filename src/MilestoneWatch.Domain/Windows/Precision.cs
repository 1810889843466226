namespace MilestoneWatch.Domain.Windows;

/// <summary>How fine the promise's own words were.</summary>
public enum Precision
{
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    Season,
    Third,
    Range,
    Span,
    Unknown,
}
