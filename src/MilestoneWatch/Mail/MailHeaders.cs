using NodaTime;

namespace MilestoneWatch.Mail;

/// <summary>What a mail's headers say. Addresses are bare ("a@b.example"); names and the subject are plain text in any script.</summary>
/// <param name="MessageId">Without angle brackets: random, on our own domain, fixed when the delivery is written.</param>
/// <param name="ListId">Without angle brackets, a dotted name on our own domain; null for mails that belong to no list.</param>
/// <param name="Unsubscribe">An https address that leaves on POST (RFC 8058); null where there is nothing to leave.</param>
internal sealed record MailHeaders(
    string FromName,
    string FromAddress,
    string? ToName,
    string ToAddress,
    string Subject,
    Instant Date,
    string MessageId,
    string Boundary,
    string? ListId = null,
    Uri? Unsubscribe = null
);
