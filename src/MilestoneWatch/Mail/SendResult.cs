namespace MilestoneWatch.Mail;

/// <param name="Code">The relay's reply code, where it gave one.</param>
/// <param name="Reply">The relay's words, or ours where it said nothing; one line, at most 500 characters.</param>
internal sealed record SendResult(SendOutcome Outcome, int? Code, string Reply)
{
    private const int Longest = 500;
    private static readonly char[] Controls = [.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)];

    /// <summary>It was the recipient that the relay refused, and not the mail or its sender.</summary>
    public bool RecipientRefused { get; init; }

    public string Reply { get; } = OneLine(Reply);

    // no relay's reply can make a statement fail, or a terminal do something
    private static string OneLine(string reply)
    {
        var line = string.Join(' ', reply.Split(Controls, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= Longest ? line : line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)];
    }
}
