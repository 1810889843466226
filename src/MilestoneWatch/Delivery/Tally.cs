namespace MilestoneWatch.Delivery;

/// <summary>How many mails a pump has sent, and how many it tried or took up and did not; read while it works.</summary>
internal sealed class Tally
{
    private long _sent;
    private long _notSent;

    public long Sent => Interlocked.Read(ref _sent);
    public long NotSent => Interlocked.Read(ref _notSent);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountNotSent() => Interlocked.Increment(ref _notSent);
}
