namespace MilestoneWatch.Mail;

/// <summary>What a relay answers, in the order of a mail.</summary>
internal enum SmtpStep
{
    Mail,
    Rcpt,
    Data,
    Content,
}
