namespace MilestoneWatch.Domain.Ledger;

/// <summary>What holds of kinds of entries.</summary>
public static class EntryKinds
{
    /// <summary>Said by the clock, or following from another entry: no analyst's revision.</summary>
    public static bool IsDerived(this EntryKind kind) => kind >= EntryKind.WindowOpened;

    /// <summary>A first promise and a retraction stay; the clock's entries say what was true then.</summary>
    public static bool CanBeRetracted(this EntryKind kind) =>
        kind is not (EntryKind.Added or EntryKind.Retracted or EntryKind.Redacted) && !kind.IsDerived();
}
