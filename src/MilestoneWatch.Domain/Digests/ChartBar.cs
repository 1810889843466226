namespace MilestoneWatch.Domain.Digests;

/// <summary>One promised window in a chart.</summary>
/// <param name="Phrase">As printed: "Q3 2026".</param>
/// <param name="Detail">"until 31 Dec 2026, +92 days".</param>
/// <param name="From">Where it begins, from 0 to 100; the chart's edge where its start is open.</param>
/// <param name="To">Where it ends; the chart's edge where its end is open.</param>
/// <param name="OpenStart">Nobody said when it begins.</param>
/// <param name="OpenEnd">Nobody said when it ends.</param>
public sealed record ChartBar(string Phrase, string Detail, decimal From, decimal To, bool OpenStart, bool OpenEnd);
