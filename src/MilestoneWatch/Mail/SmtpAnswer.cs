namespace MilestoneWatch.Mail;

/// <summary>How far a relay took a mail: its reply to the content, or to the command that it refused.</summary>
internal sealed record SmtpAnswer(SmtpStep Step, int Code, string Words);
