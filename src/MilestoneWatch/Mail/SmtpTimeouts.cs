namespace MilestoneWatch.Mail;

/// <summary>How long to wait for a relay.</summary>
/// <param name="Reply">For a connection, one reply or one write.</param>
/// <param name="UntilDot">For everything before the final dot, so that a relay that drips cannot hold a mail past its lease.</param>
/// <param name="FinalReply">For the answer to the final dot (RFC 5321 §4.5.3.2.6 asks for ten minutes).</param>
internal sealed record SmtpTimeouts(TimeSpan Reply, TimeSpan UntilDot, TimeSpan FinalReply)
{
    public static SmtpTimeouts Default { get; } = new(TimeSpan.FromSeconds(120), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
}
