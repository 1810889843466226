using System.Globalization;
using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Words;

/// <summary>How the record says what became of first dates, and how often.</summary>
internal static class RecordWords
{
    public static StatusFace Face(FirstDate date) =>
        date switch
        {
            FirstDate.Kept => new("kept", "check", "st-achieved"),
            FirstDate.Late => new("achieved late", "diamond", "st-delayed"),
            FirstDate.Missed => new("missed", "cross", "st-missed"),
            FirstDate.CalledOff => new("called off", "slashed", "st-cancelled"),
            FirstDate.MovedPast => new("moved past it", "triangle", "st-at-risk"),
            FirstDate.StillOpen => new("nothing on record", "ring", "st-look"),
            FirstDate.NotYetDue => new("not due yet", "circle", "st-planned"),
            FirstDate.NoDay => new("no day to judge by", "disc", "st-cancelled"),
            _ => throw new ArgumentOutOfRangeException(nameof(date), date, "unknown outcome"),
        };

    /// <summary>"1 of 2; too few to say more", "7 of 9 (78%; likely 45% to 94%)": never a rate without its counts.</summary>
    public static string Of(Share share) =>
        share.Count == 0 ? "none decided yet"
        : share.TooFew ? $"{Counts(share)}; too few to say more"
        : $"{Counts(share)} ({Percent(share.Rate!.Value)}; likely {Percent(share.Low)} to {Percent(share.High)})";

    /// <summary>"Of 9 first dates decided so far, 7 were kept.": the counts of all promisers, who make no rate together.</summary>
    /// <param name="kept">Of those that are decided.</param>
    /// <param name="silent">How many more have passed with nothing on record.</param>
    public static string Sentence(Share kept, int silent)
    {
        var few = kept.TooFew ? "; too few to say more" : "";
        var decided = kept switch
        {
            { Count: 0 } => "No first date on record is decided yet.",
            { Count: 1 } => $"The one first date decided so far was {(kept.Hits == 1 ? "" : "not ")}kept{few}.",
            _ => $"Of {NumberWords.Count(kept.Count, "first date", "first dates")} decided so far, {Hits(kept.Hits)} kept{few}.",
        };
        return silent == 0
            ? decided
            : $"{decided} {NumberWords.Sentence(NumberWords.Count(silent, "date has", "dates have"))} passed with nothing on record: silence, not proof of a miss.";
    }

    /// <summary>"+92 days", "+46.5 days, of 2 dates"; "–" where nothing moved.</summary>
    public static string MedianSlip(TrackRecord record) =>
        record.MedianSlipInDays is not { } days ? (record.Moved == 0 ? "–" : "not in days: an end is open")
        : record.Slips == 1 ? $"{Slip(days)} (one date)"
        : $"{Slip(days)} (of {NumberWords.Number(record.Slips)} dates)";

    /// <summary>One promise's moves: "+92 days", "yes, by an open end", "–".</summary>
    public static string Moved(FirstPromise promise) =>
        promise.SlipInDays is { } days ? DateWords.Slip(days)
        : promise.Milestone.State.Moves > 0 ? "yes, by an open end"
        : "–";

    public static string Percent(double rate) => Math.Round(rate * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    private static string Counts(Share share) => $"{NumberWords.Number(share.Hits)} of {NumberWords.Number(share.Count)}";

    private static string Hits(int hits) => hits == 0 ? "none was" : NumberWords.Count(hits, "was", "were");

    private static string Slip(decimal days) =>
        decimal.IsInteger(days) ? DateWords.Slip((int)days) : $"{(days > 0 ? '+' : '−')}{NumberWords.Number(Math.Abs(days))} days";
}
