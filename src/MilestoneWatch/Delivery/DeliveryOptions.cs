using MilestoneWatch.Mail;

namespace MilestoneWatch.Delivery;

/// <summary>Configuration section <c>Delivery</c>: what becomes of mails that nobody knows the fate of, and how long a worker may be silent.</summary>
internal sealed class DeliveryOptions
{
    // below it, a mail could be sent again while the relay still answers the first time
    private static readonly int LeastCoolOff = (int)SmtpTimeouts.Default.FinalReply.TotalSeconds + 60;

    /// <summary>resend: once more after the cool-off, with the same bytes and Message-ID. hold: until somebody says `mw delivery retry`.</summary>
    public string Unknown { get; set; } = "resend";

    /// <summary>Seconds before a mail of unknown fate is sent again.</summary>
    public int CoolOffSeconds { get; set; } = 900;

    /// <summary>Seconds after which a worker that gives no sign loses what it has leased.</summary>
    public int LeaseSeconds { get; set; } = 60;

    /// <summary>Whether mails of unknown fate wait for somebody to decide.</summary>
    public bool HoldsUnknown => Is("hold");

    /// <param name="onTrial">A database or environment for trials, where short times harm nobody.</param>
    public IEnumerable<string> Problems(bool onTrial)
    {
        if (!Is("resend") && !Is("hold"))
        {
            yield return $"MW_Delivery__Unknown is '{Unknown}': set it to resend or hold";
        }
        var least = onTrial ? 1 : LeastCoolOff;
        if (CoolOffSeconds < least || CoolOffSeconds > 86_400)
        {
            yield return $"MW_Delivery__CoolOffSeconds is {CoolOffSeconds}: set it from {least}, so that no relay can still be answering, to 86400";
        }
        if (LeaseSeconds < (onTrial ? 1 : 15) || LeaseSeconds > 3600)
        {
            yield return $"MW_Delivery__LeaseSeconds is {LeaseSeconds}: set it from {(onTrial ? 1 : 15)} to 3600";
        }
    }

    private bool Is(string word) => string.Equals(Unknown, word, StringComparison.OrdinalIgnoreCase);
}
