using System.Globalization;
using System.Text;

namespace MilestoneWatch.Faults;

/// <summary>The figures of a run, and which promises they break.</summary>
internal sealed record Verdict
{
    /// <summary>Deliveries in the database.</summary>
    public int Mails { get; init; }

    /// <summary>Mails in the raw log, duplicates and all.</summary>
    public int Taken { get; init; }

    /// <summary>Acknowledged as committed, and not in the database.</summary>
    public int Vanished { get; init; }

    /// <summary>Called sent, and never seen by the sink.</summary>
    public int Unsent { get; init; }

    /// <summary>Neither sent nor given up in the end.</summary>
    public int Unended { get; init; }
    public int Lost => Vanished + Unsent + Unended;

    /// <summary>Copies beyond the first.</summary>
    public int Duplicated { get; init; }

    /// <summary>Attempts of which it was not known whether the relay had taken the mail.</summary>
    public int Ambiguous { get; init; }

    /// <summary>Duplicates that no attempt in doubt explains.</summary>
    public int Unexplained { get; init; }

    /// <summary>Mails whose copies are not the same bytes.</summary>
    public int Changed { get; init; }

    /// <summary>Mails in the log that the database does not know.</summary>
    public int Strangers { get; init; }

    /// <summary>Sent to another recipient than theirs.</summary>
    public int Misled { get; init; }

    /// <summary>Given up: dead, expired or cancelled.</summary>
    public int Dead { get; init; }

    /// <summary>Dead without a reason on record.</summary>
    public int Reasonless { get; init; }

    /// <summary>Readers' digests that have the number or the slot of another.</summary>
    public int Doubled { get; init; }

    /// <summary>News that two digests told one reader.</summary>
    public int ToldTwice { get; init; }

    /// <summary>What the fault itself expects beside all that, and does not see.</summary>
    public IReadOnlyList<string> Complaints { get; init; } = [];

    public IEnumerable<string> Broken()
    {
        foreach (
            var (count, what) in new (int, string)[]
            {
                (Vanished, "acknowledged deliveries are gone"),
                (Unsent, "mails are called sent and never reached the sink"),
                (Unended, "deliveries did not come to an end"),
                (Unexplained, "duplicates have no attempt in doubt"),
                (Changed, "mails came twice with different bytes"),
                (Strangers, "mails at the sink are not in the database"),
                (Misled, "mails went to another recipient"),
                (Reasonless, "deliveries are dead without a reason"),
                (Doubled, "digests are doubled"),
                (ToldTwice, "pieces of news were told twice"),
            }
        )
        {
            if (count > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
            }
        }
        foreach (var complaint in Complaints)
        {
            yield return complaint;
        }
    }

    /// <summary>`key=value`, in one line.</summary>
    public string Line(FaultOptions options, int faults, TimeSpan took)
    {
        var line = new StringBuilder();
        foreach (
            var (key, value) in new (string, object)[]
            {
                ("fault", options.Fault),
                ("seed", options.Seed),
                ("replicas", options.Replicas),
                ("faults", faults),
                ("mails", Mails),
                ("lost", Lost),
                ("duplicated", Duplicated),
                ("ambiguous", Ambiguous),
                ("unexplained", Unexplained),
                ("changed", Changed),
                ("doubled", Doubled + ToldTwice),
                ("dead", Dead),
                ("seconds", (int)Math.Ceiling(took.TotalSeconds)),
                ("held", Broken().Any() ? "no" : "yes"),
            }
        )
        {
            line.Append(line.Length > 0 ? " " : "").Append(CultureInfo.InvariantCulture, $"{key}={value}");
        }
        return line.ToString();
    }
}
