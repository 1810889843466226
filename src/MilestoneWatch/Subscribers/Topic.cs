namespace MilestoneWatch.Subscribers;

/// <summary>What a reader follows, and the head at the moment from which it counts.</summary>
/// <param name="Kind">all, subject or milestone.</param>
/// <param name="RefId">The subject's or milestone's id; 0 for all.</param>
/// <param name="Since">The head when the reader began to follow it.</param>
/// <param name="Name">The slug, for people.</param>
internal sealed record Topic(string Kind, long RefId, long Since, string? Name)
{
    /// <summary>What a reader calls it; the slug where the words were redacted.</summary>
    public string? Title { get; init; }

    /// <summary>Not asked for any more, but narrower than what replaced it: it stays for what it has not told yet.</summary>
    public bool Carried { get; init; }

    public bool Covers(long milestoneId, long subjectId) =>
        Kind switch
        {
            "all" => true,
            "subject" => RefId == subjectId,
            "milestone" => RefId == milestoneId,
            _ => throw new InvalidOperationException($"a topic of kind {Kind}"),
        };
}
