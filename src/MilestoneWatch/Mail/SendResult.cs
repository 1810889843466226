namespace MilestoneWatch.Mail;

/// <param name="Code">The relay's reply code, where it gave one.</param>
/// <param name="Reply">The relay's words, or ours where it said nothing; one line, at most 500 characters.</param>
internal sealed record SendResult(SendOutcome Outcome, int? Code, string Reply)
{
    private const int Longest = 500;

    /// <summary>It was the recipient that the relay refused, and not the mail or its sender.</summary>
    public bool RecipientRefused { get; init; }

    public string Reply { get; } = OneLine(Reply);

    private static string OneLine(string reply)
    {
        var line = string.Join(' ', reply.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= Longest ? line : line[..Longest];
    }
}
