namespace MilestoneWatch.Mail;

/// <summary>Sends mails one after another; not to be called from two places at once.</summary>
internal interface IMailSender : IAsyncDisposable
{
    /// <summary>
    /// Sends one mail. Every failure is a result. An OperationCanceledException is thrown only where nothing was handed over; once
    /// the content is under way, cancelling has no effect and the answer is waited for.
    /// </summary>
    Task<SendResult> SendAsync(ComposedMail mail, CancellationToken ct);
}
