using MilestoneWatch.Mail;

namespace MilestoneWatch.Delivery;

/// <summary>Sees from the replies of one run when a relay takes no mail at all: it refuses every mail, or drops one connection after the other.</summary>
/// <param name="halt">Called once, when it does.</param>
internal sealed class RelayWatch(Action halt)
{
    private const int DropsInARow = 8;
    private int _drops;
    private int _answered;
    private SendResult? _trouble;

    /// <summary>Why the relay takes no mail, if this run has seen it; null where it does.</summary>
    public SendResult? Trouble => _trouble;

    /// <summary>Whether the relay has answered for a mail, yes or no.</summary>
    public bool Answered => Volatile.Read(ref _answered) == 1;

    public void See(SendResult result)
    {
        switch (result.Outcome)
        {
            case SendOutcome.RelayTrouble:
                Trip(result);
                return;
            case SendOutcome.Temporary or SendOutcome.Ambiguous when result.Code is null or 421:
                if (Interlocked.Increment(ref _drops) >= DropsInARow)
                {
                    Trip(result with { Outcome = SendOutcome.RelayTrouble });
                }
                return;
            default:
                Volatile.Write(ref _drops, 0);
                Volatile.Write(ref _answered, 1);
                return;
        }
    }

    private void Trip(SendResult result)
    {
        if (Interlocked.CompareExchange(ref _trouble, result, null) is null)
        {
            halt();
        }
    }
}
