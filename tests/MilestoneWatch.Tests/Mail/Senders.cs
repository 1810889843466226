using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

/// <summary>Senders to a scripted relay.</summary>
internal static class Senders
{
    // generous wherever a test does not wait for a timeout
    public static readonly SmtpTimeouts Ample = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30));

    public static SmtpMailSender To(ScriptedSmtpServer relay, SmtpTimeouts? timeouts = null, Action<SmtpOptions>? options = null) =>
        new(Options(relay.Port, options), "example.org", timeouts ?? Ample);

    public static SmtpOptions Options(int port, Action<SmtpOptions>? change = null)
    {
        var options = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Security = "none",
        };
        change?.Invoke(options);
        return options;
    }
}
