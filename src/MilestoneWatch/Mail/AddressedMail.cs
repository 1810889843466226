namespace MilestoneWatch.Mail;

/// <summary>A mail with its envelope, as one relay takes it.</summary>
/// <param name="Mail">Its bytes.</param>
/// <param name="From">What MAIL FROM is followed by: the return path in angle brackets, and parameters.</param>
/// <param name="To">What RCPT TO is followed by.</param>
internal sealed record AddressedMail(ComposedMail Mail, string From, string To);
