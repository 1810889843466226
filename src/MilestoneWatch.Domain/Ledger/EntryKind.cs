namespace MilestoneWatch.Domain.Ledger;

/// <summary>What an entry says. From <see cref="WindowOpened"/> on, the clock or another entry said it, not an analyst.</summary>
public enum EntryKind
{
    Added,
    Redefined,
    StatusChanged,
    Reopened,
    Rescheduled,
    ReadingAdded,
    ProgressRecorded,
    EvidenceAdded,
    Looked,
    Forecast,
    Retracted,
    Redacted,
    WindowOpened,
    DueSoon,
    MayBeDue,
    WindowClosed,
    GoneQuiet,
    ForecastMoved,
    TargetReached,
}
