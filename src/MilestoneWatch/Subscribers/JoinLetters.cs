using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Mail;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>The two mails that a request at the door may bring, in the reader's language.</summary>
internal static class JoinLetters
{
    /// <summary>Asks whoever owns the address whether it was them.</summary>
    public static Task<Letter> ConfirmationAsync(MailRenderer renderer, Subscriber subscriber, string link, Instant now)
    {
        var language = Language.Of(subscriber.Language);
        var what = ScheduleWords.Gets(subscriber, language);
        return WriteAsync(renderer, subscriber, "confirm", language.Say("page.mail.confirm.intro", ("what", what)), link, now);
    }

    /// <summary>Tells a reader that they are one, and where to change what they get.</summary>
    public static Task<Letter> AlreadyAsync(MailRenderer renderer, Subscriber subscriber, string link, Instant now)
    {
        var language = Language.Of(subscriber.Language);
        var what = ScheduleWords.Gets(subscriber, language);
        return WriteAsync(renderer, subscriber, "already", language.Say("page.mail.already.intro", ("what", what)), link, now);
    }

    private static async Task<Letter> WriteAsync(
        MailRenderer renderer,
        Subscriber subscriber,
        string kind,
        string intro,
        string link,
        Instant now
    )
    {
        var language = Language.Of(subscriber.Language);
        string Say(string part) => language.Say($"page.mail.{kind}.{part}");
        var words = new LetterWords(language, Say("subject"), [intro], Say("press"), Say("button"), link, [Say("closing")]);
        var html = await renderer.RenderAsync<LetterMail>(new(StringComparer.Ordinal) { [nameof(LetterMail.Words)] = words });
        return new Letter("confirmation", words.Subject, words.Text(), html)
        {
            Recipient = string.Create(CultureInfo.InvariantCulture, $"subscriber:{subscriber.Id}"),
            // a pause stops what is the subscription's; this was asked for
            SubscriberId = subscriber.State == "paused" ? null : subscriber.Id,
            Address = subscriber.Email,
            Slot = now,
            Key = kind,
            Language = language.Code,
        };
    }
}
