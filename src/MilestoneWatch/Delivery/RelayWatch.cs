using MilestoneWatch.Mail;

namespace MilestoneWatch.Delivery;

/// <summary>
/// Sees from the replies of one run when a relay takes no mail at all: it refuses every mail, or drops one connection after the other. One
/// that only takes fewer connections than were opened goes on with those.
/// </summary>
/// <param name="lanes">Connections that the run opens.</param>
/// <param name="halt">Called once, when it takes no mail.</param>
internal sealed class RelayWatch(int lanes, Action halt)
{
    private const int DropsInARow = 8;
    private int _open = lanes;
    private int _drops;
    private int _answered;
    private SendResult? _trouble;

    /// <summary>Why the relay takes no mail, if this run has seen it; null where it does.</summary>
    public SendResult? Trouble => _trouble;

    /// <summary>Whether the relay has answered for a mail, yes or no.</summary>
    public bool Answered => Volatile.Read(ref _answered) == 1;

    /// <summary>What it said to one connection too many; null where it said so to none.</summary>
    public string? TooMany { get; private set; }

    /// <summary>Connections that it has not refused.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <returns>False where this lane is to end, since the relay wants no further connection for now.</returns>
    public bool See(SendResult result)
    {
        switch (result.Outcome)
        {
            // 4xx before any mail: there are too many connections, or it is too busy for one more
            case SendOutcome.RelayTrouble when result.Code is >= 400 and < 500 && Interlocked.Decrement(ref _open) > 0:
                TooMany = result.Reply;
                return false;
            case SendOutcome.RelayTrouble:
                Trip(result);
                return true;
            case SendOutcome.Temporary or SendOutcome.Ambiguous when result.Code is null or 421:
                if (Interlocked.Increment(ref _drops) >= DropsInARow)
                {
                    Trip(result with { Outcome = SendOutcome.RelayTrouble });
                }
                return true;
            default:
                Volatile.Write(ref _drops, 0);
                Volatile.Write(ref _answered, 1);
                return true;
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
