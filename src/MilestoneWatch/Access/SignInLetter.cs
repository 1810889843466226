using MilestoneWatch.Checks;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Mail;
using NodaTime;

namespace MilestoneWatch.Access;

/// <summary>The mail with a link to sign in.</summary>
internal static class SignInLetter
{
    public static async Task<Letter> WriteAsync(MailRenderer renderer, Analyst analyst, string link, Instant now)
    {
        var words = new LetterWords(
            Language.English,
            "Your link to sign in to MilestoneWatch",
            [$"Somebody asked to sign in to MilestoneWatch as {analyst.Name}; we hope that it was you."],
            "To sign in, open this link within ten minutes, in the browser that asked:",
            "Sign in",
            link,
            ["It works once. If it was not you, leave it be: in any other browser it opens nothing."]
        );
        var html = await renderer.RenderAsync<LetterMail>(new(StringComparer.Ordinal) { [nameof(LetterMail.Words)] = words });
        return new Letter("sign_in", words.Subject, words.Text(), html)
        {
            Recipient = $"user:{analyst.Id}",
            Address = analyst.Email!,
            Slot = now,
            Key = "sign_in",
            Life = SigningIn.LinkLife,
        };
    }
}
