using MimeKit;

namespace MilestoneWatch.Tests.Mail;

public sealed class SpamAssassinTests
{
    [Fact]
    public void A_mail_that_shouts_and_sells_scores_high()
    {
        Assert.SkipUnless(SpamAssassin.IsHere, "SpamAssassin is not installed");
        var spam = new MimeMessage
        {
            Subject = "FREE VIAGRA!!! ACT NOW",
            Body = new TextPart("html")
            {
                Text = "<html><body><h1>CLICK HERE TO BUY CHEAP VIAGRA NOW!!!</h1><img src='http://1.2.3.4/x'></body></html>",
            },
        };

        Assert.True(SpamAssassin.Score(spam).Score > 3);
    }
}
