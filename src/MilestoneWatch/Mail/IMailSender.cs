namespace MilestoneWatch.Mail;

/// <summary>Sends mails one after another; not to be called from two places at once.</summary>
internal interface IMailSender : IAsyncDisposable
{
    /// <summary>
    /// Sends one mail. Every failure is a result. An OperationCanceledException is thrown only where nothing was handed over; once
    /// the content is under way, cancelling has no effect and the answer is waited for.
    /// </summary>
    /// <param name="mail">What to send.</param>
    /// <param name="next">What is meant to be sent after it. The relay may be asked for it already; no content of it leaves.</param>
    /// <param name="ct">Stops what is not under way.</param>
    Task<SendResult> SendAsync(ComposedMail mail, ComposedMail? next, CancellationToken ct);
}
