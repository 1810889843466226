namespace MilestoneWatch.Record;

/// <summary>An entry's kind, body or state is not what this program writes.</summary>
internal sealed class UnreadableEntryException(long position, Exception inner)
    : Exception($"entry {position} cannot be read: {inner.Message}", inner)
{
    public long Position => position;
}
