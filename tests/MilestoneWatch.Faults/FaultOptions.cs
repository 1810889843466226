namespace MilestoneWatch.Faults;

/// <summary>What a run is asked to do; every choice that it makes by chance comes from the seed.</summary>
internal sealed record FaultOptions
{
    public required string Fault { get; init; }
    public int Seed { get; init; } = 1;

    /// <summary>Null is the fault's own number, short or long.</summary>
    public int? Mails { get; init; }
    public int? Kills { get; init; }
    public int Replicas { get; init; } = 3;
    public bool Short { get; init; }

    /// <summary>Where the raw log and the workers' logs stay; null: a folder that is kept only when a promise was broken.</summary>
    public string? Keep { get; init; }

    /// <summary>Tampers with the raw log before it is judged, to see the judge find it.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>The executable under test; null is the one built with this program.</summary>
    public string? Mw { get; init; }

    public int MailsOr(int whenShort, int whenLong) => Mails ?? (Short ? whenShort : whenLong);

    public int KillsOr(int whenShort, int whenLong) => Kills ?? (Short ? whenShort : whenLong);
}
