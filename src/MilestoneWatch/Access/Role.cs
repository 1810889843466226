namespace MilestoneWatch.Access;

/// <summary>What somebody may do at the desk.</summary>
public enum Role
{
    /// <summary>Records, and sees who recorded what.</summary>
    Analyst,

    /// <summary>The same, and sees the readers and their mails.</summary>
    Admin,
}
