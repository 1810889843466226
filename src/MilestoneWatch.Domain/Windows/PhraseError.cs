namespace MilestoneWatch.Domain.Windows;

/// <summary>Why a phrase was refused: the 0-based place in it, what is wrong there, and the nearest phrase that would be understood.</summary>
public sealed record PhraseError(int Position, string Message, string Nearest);
