namespace MilestoneWatch.Mail;

internal enum SendOutcome
{
    /// <summary>The relay has taken the mail.</summary>
    Accepted,

    /// <summary>Not taken; the same bytes may be taken later.</summary>
    Temporary,

    /// <summary>Not taken, and never will be.</summary>
    Permanent,

    /// <summary>Not taken, and no fault of this mail: no mail gets through until somebody sees to the relay.</summary>
    RelayTrouble,

    /// <summary>Not begun: we were told to stop.</summary>
    Withdrawn,

    /// <summary>All of it was sent and no answer came: taken or not, nobody knows.</summary>
    Ambiguous,
}
