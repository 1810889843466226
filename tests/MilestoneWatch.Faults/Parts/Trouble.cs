namespace MilestoneWatch.Faults;

/// <summary>What the sink does to one mail instead of taking it.</summary>
internal enum Trouble
{
    None,
    TemporaryAtRecipient,
    PermanentAtRecipient,
    TemporaryAtData,
    PermanentAtData,
    TemporaryAtDot,
    PermanentAtDot,
    HangAtRecipient,

    /// <summary>Takes the mail, is silent for long, and says 250 at last.</summary>
    HangAtDot,
    DropAtRecipient,
    DropInContent,

    /// <summary>Takes the mail and hangs up without a word.</summary>
    DropAfterTaking,

    /// <summary>Reads the dot and hangs up; the mail is lost there, and must come again.</summary>
    DropBeforeTaking,
}
