using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>One reading of a quantity, that nobody took back.</summary>
/// <param name="On">The day it was true.</param>
/// <param name="Standing">As a word ("reported"); null where it is unclear.</param>
/// <param name="Footnote">The source's number on the page.</param>
public sealed record ProgressPoint(LocalDate On, decimal Value, string? Standing = null, int? Footnote = null);
