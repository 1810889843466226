using MimeKit;

namespace MilestoneWatch.Bounces;

/// <summary>A reader's complaint, as their provider passes it on (RFC 5965), or in the forms that came before.</summary>
internal static class FeedbackReport
{
    // a report about us, but no reader's word that they want no mail
    private static readonly string[] NotComplaints = ["auth-failure", "not-spam", "dmarc", "dkim", "tls-report"];

    /// <summary>Null for what is no feedback report; a reading of nothing for one that is no complaint.</summary>
    public static BounceReading? Read(ReturnedMail mail)
    {
        var text = mail.Feedback ?? (IsFeedback(mail.Message) ? mail.Text : null);
        if (text is null || Fields(text) is not { } fields || fields["Feedback-Type"] is not { } type)
        {
            return Hotmail(mail);
        }
        type = type.Trim().ToLowerInvariant();
        return Array.Exists(NotComplaints, one => type.StartsWith(one, StringComparison.Ordinal))
            ? BounceReading.None
            : new BounceReading(BounceKind.Complaint, Recipient(mail, fields), null, Refusal.OneLine(type));
    }

    private static bool IsFeedback(MimeMessage message) =>
        message.Body is Multipart parts && parts.ContentType.Parameters["report-type"] is "feedback-report";

    private static HeaderList? Fields(string text)
    {
        var at = text.IndexOf("Feedback-Type:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : ReturnedMail.Headers(text[at..]);
    }

    private static string? Recipient(ReturnedMail mail, HeaderList? fields) =>
        Addresses.OfField(fields?["Original-Rcpt-To"])
        ?? Addresses.OfField(fields?["Removal-Recipient"])
        ?? Addresses.OfField(mail.Original?["X-HmXmrOriginalRecipient"])
        ?? Addresses.OfField(mail.Original?["X-Original-To"])
        ?? Addresses.FirstIn(mail.Original?[HeaderId.To] ?? "");

    // the junk mail programme of Outlook.com sends the mail itself, with the reader's address in a field of its own
    private static BounceReading? Hotmail(ReturnedMail mail)
    {
        var head = mail.Original ?? mail.Message.Headers;
        return
            head["X-HmXmrOriginalRecipient"] is { } reader
            && PhraseBook.Plain(mail.Message.Headers[HeaderId.From] ?? "") is var from
            && (from.Contains("@hotmail.com", StringComparison.Ordinal) || from.Contains("staff@", StringComparison.Ordinal))
            ? new BounceReading(BounceKind.Complaint, Addresses.OfField(reader), null, "abuse")
            : null;
    }
}
