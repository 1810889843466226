namespace MilestoneWatch.Domain.Windows;

/// <summary>How long a year as said is, and where it begins.</summary>
internal enum YearKind : byte
{
    Calendar,

    /// <summary>Named by one year, that in which it ends or, to some, starts.</summary>
    Fiscal,

    /// <summary>FY2026-27: named by both, and kept by the second.</summary>
    FiscalOfTwoYears,

    /// <summary>The 2030s: ten years from the first.</summary>
    Decade,

    /// <summary>"The decade" ends with its tenth year to some and, to others, a year before.</summary>
    TheDecade,
}
