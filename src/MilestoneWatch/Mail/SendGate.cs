namespace MilestoneWatch.Mail;

/// <summary>Knows how far one mail has got, which no exception tells, and shuts out cancelling from the content on.</summary>
/// <remarks>
/// It is told before the last octets leave, the final dot among them. So a failure before that is safe to retry, and one after it is
/// ambiguous, whatever the exception.
/// </remarks>
internal sealed class SendGate : IDisposable
{
    private const int Commands = 0;
    private const int Content = 1;
    private const int Dot = 2;
    private const int Cancelled = 3;

    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration registration;
    private readonly SmtpTimeouts timeouts;
    private readonly Action<TimeSpan> setTimeout;
    private int state;

    public SendGate(SmtpTimeouts timeouts, Action<TimeSpan> setTimeout, CancellationToken ct)
    {
        this.timeouts = timeouts;
        this.setTimeout = setTimeout;
        setTimeout(timeouts.Reply);
        source.CancelAfter(timeouts.UntilDot);
        registration = ct.UnsafeRegister(static gate => ((SendGate)gate!).Cancel(), this);
    }

    /// <summary>What a mail runs under: the caller's cancelling while only commands were sent, and our deadlines.</summary>
    public CancellationToken Token => source.Token;

    public bool CancelledByCaller => Volatile.Read(ref state) == Cancelled;

    public bool ContentBegun => Volatile.Read(ref state) is Content or Dot;

    public bool DotMayHaveLeft => Volatile.Read(ref state) == Dot;

    public void BeginContent()
    {
        if (Interlocked.CompareExchange(ref state, Content, Commands) != Commands)
            throw new OperationCanceledException(Token);
    }

    public void EndContent()
    {
        Volatile.Write(ref state, Dot);
        setTimeout(timeouts.FinalReply);
        source.CancelAfter(timeouts.FinalReply);
    }

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref state, Cancelled, Commands) == Commands)
            source.Cancel();
    }
}
