using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>A date as it was promised: the words as printed and how they are read.</summary>
public sealed record Promise(string Phrase, Window Window)
{
    /// <summary>The source does not date it: the day beside it is the one on which it was first seen.</summary>
    public bool FirstSeen { get; init; }
}
