namespace MilestoneWatch.Mail;

/// <summary>A value that must not reach a mail's headers: it could add a header or a recipient, or cannot be written at all.</summary>
internal sealed class HeaderRefusedException(string header, string reason) : ArgumentException($"{header}: {reason}")
{
    public string Header { get; } = header;
}
