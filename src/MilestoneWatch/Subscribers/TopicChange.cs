namespace MilestoneWatch.Subscribers;

/// <summary>What a reader follows after a change of topics, so that nothing is repeated and nothing not yet told is lost.</summary>
internal static class TopicChange
{
    /// <param name="old">What they followed, carried topics included.</param>
    /// <param name="wanted">What they want to follow; each once.</param>
    /// <param name="subjectOf">The subject of a milestone that is followed by itself.</param>
    /// <param name="head">Newly covered milestones count from here.</param>
    /// <returns>
    /// The wanted topics, each counting from where something old that covers it counted; and, carried, old ones that are narrower than
    /// a wanted one which counts from later.
    /// </returns>
    public static IReadOnlyList<Topic> Of(
        IReadOnlyList<Topic> old,
        IReadOnlyList<Topic> wanted,
        IReadOnlyDictionary<long, long> subjectOf,
        long head
    )
    {
        var now = wanted
            .Select(topic =>
                topic with
                {
                    Since = old.Where(known => Covers(known, topic)).Select(known => known.Since).DefaultIfEmpty(head).Min(),
                    Carried = false,
                }
            )
            .ToList();
        var carried = old.Where(known =>
            !now.Exists(topic => Same(topic, known)) && now.Exists(topic => Covers(topic, known) && topic.Since > known.Since)
        );
        return [.. now, .. carried.Select(known => known with { Carried = true })];

        bool Covers(Topic wide, Topic narrow) =>
            narrow.Kind switch
            {
                "milestone" => wide.Covers(narrow.RefId, subjectOf[narrow.RefId]),
                "subject" => wide.Kind == "all" || Same(wide, narrow),
                _ => wide.Kind == "all",
            };
    }

    private static bool Same(Topic one, Topic other) => (one.Kind, one.RefId) == (other.Kind, other.RefId);
}
