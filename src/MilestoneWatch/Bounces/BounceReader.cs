using MimeKit;

namespace MilestoneWatch.Bounces;

/// <summary>
/// Says what a message reports of an address. Any bytes may come in: whatever cannot be read says nothing, and nothing is thrown.
/// </summary>
internal static class BounceReader
{
    public static BounceReading Read(byte[] bytes)
    {
        try
        {
            return ReturnedMail.Read(bytes) is { } mail ? Read(mail) : BounceReading.None;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            // a stranger's bytes through a stranger's parser: one message that cannot be read holds up nothing
            return BounceReading.None;
        }
    }

    private static BounceReading Read(ReturnedMail mail)
    {
        if (FeedbackReport.Read(mail) is { } complaint)
        {
            return complaint;
        }
        if (mail.IsReceipt)
        {
            return BounceReading.None;
        }
        var told = mail.Reports.SelectMany(DeliveryStatus.AllIn).ToList();
        if (told.Count > 0)
        {
            return Worst(mail, told);
        }
        var origin = new Origin(mail);
        if (!origin.IsReport)
        {
            return BounceReading.None;
        }
        // the fields of a report that lost its form
        told = [.. DeliveryStatus.AllIn(mail.Text).Where(one => one.Action is not null || one.Status is not null)];
        return told.Count > 0 ? Worst(mail, told) : FromProse(mail, origin, known: null);
    }

    private static BounceReading Worst(ReturnedMail mail, List<DeliveryStatus> told)
    {
        var failed = told.Where(one => one.IsFailure).ToList();
        if (failed.Count == 0)
        {
            return BounceReading.None;
        }
        var best = failed.ConvertAll(one => one.Read()).MaxBy(reading => reading.Kind)!;
        var notThese = new Origin(mail).NotRecipients;
        if (best.Diagnostic is null || best.Status is null || (best.Kind == BounceKind.Soft && Refusal.IsVague(best.Status)))
        {
            // the report is silent on why; the words for people may say it
            var prose = Prose.Read(Prose.Own(mail.Text), best.Recipient, notThese);
            var status = best.Status is null || Refusal.IsVague(best.Status) ? prose.Status ?? best.Status : best.Status;
            var words = best.Diagnostic ?? prose.Diagnostic;
            var kind = best.Status is ['4', ..] ? BounceKind.Soft : Refusal.Judge(status, $"{best.Diagnostic} {prose.Diagnostic}");
            best = best with { Kind = kind, Status = status, Diagnostic = words, Recipient = best.Recipient ?? prose.Recipient };
        }
        return best with { Recipient = best.Recipient ?? Fallback(mail, notThese) };
    }

    private static BounceReading FromProse(ReturnedMail mail, Origin origin, string? known)
    {
        var own = Prose.Own(mail.Text);
        var plain = PhraseBook.Plain(own);
        known ??= Addresses.FirstIn(mail.Message.Headers["X-Failed-Recipients"] ?? "");
        if (PhraseBook.Delayed.In(plain) && !PhraseBook.GaveUp.In(plain))
        {
            return BounceReading.None;
        }
        var says =
            PhraseBook.Failed.In(plain) || PhraseBook.Address.In(plain) || PhraseBook.Full.In(plain) || Refusal.CodeIn(plain) is >= 500;
        if (!says && known is null)
        {
            return BounceReading.None;
        }
        var reading = Prose.Read(own, known, origin.NotRecipients);
        reading = reading with { Recipient = reading.Recipient ?? Fallback(mail, origin.NotRecipients) };
        // machines write of failures that are no mail's: a report names whom it is about, or says a server's reply
        return reading.Recipient is null && reading.Kind == BounceKind.Soft && Refusal.CodeIn(plain) is null ? BounceReading.None : reading;
    }

    private static string? Fallback(ReturnedMail mail, IReadOnlyCollection<string> notThese) =>
        Addresses.FirstIn(mail.Message.Headers["X-Failed-Recipients"] ?? "")
        // of one recipient each: whom it was to is whom it did not reach
        ?? Addresses
            .AllIn(mail.Original?["X-Original-To"] ?? mail.Original?[HeaderId.To] ?? "")
            .FirstOrDefault(one => !notThese.Contains(one, StringComparer.OrdinalIgnoreCase));
}
