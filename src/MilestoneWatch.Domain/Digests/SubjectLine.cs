using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The news itself in at most 70 characters, from the weightiest change.</summary>
internal static class SubjectLine
{
    public static string Write(IReadOnlyList<MilestoneDelta> ranked, Prose prose)
    {
        var subject = Of(ranked[0], prose, ranked[0].Milestone.Phrase);
        if (subject.Length > DigestWriter.SubjectLimit && ranked[0].Milestone.State.Window is { } window)
        {
            // "Q2 2026" for "the second quarter of 2026"
            subject = Of(ranked[0], prose, WindowPhrase.Print(window));
        }
        // silence is told, but never counted as news beside news
        var more = ranked.Count(delta => delta.Weight != Weight.Quiet || ranked[0].Weight == Weight.Quiet) - 1;
        if (more > 0 && $"{subject}, and {Prose.Number(more)} more" is { Length: <= DigestWriter.SubjectLimit } longer)
        {
            subject = longer;
        }
        subject = subject.Replace('\u00a0', ' ');
        return subject.Length <= DigestWriter.SubjectLimit ? subject : Cut(subject);
    }

    // Whole clauses, else whole words: half a word is no news.
    private static string Cut(string subject)
    {
        var head = subject[..DigestWriter.SubjectLimit];
        var clause = head.LastIndexOf(", ", StringComparison.Ordinal);
        if (clause > DigestWriter.SubjectLimit / 2)
        {
            return head[..clause];
        }
        var word = head.LastIndexOf(' ');
        // never half a surrogate pair
        var end =
            word > DigestWriter.SubjectLimit / 2 ? word
            : char.IsHighSurrogate(head[^2]) ? head.Length - 2
            : head.Length - 1;
        return head[..end] + "…";
    }

    private static string Of(MilestoneDelta delta, Prose prose, string? phrase)
    {
        var milestone = delta.Milestone;
        var name = milestone.Definition.CalledBriefly();
        if (delta.Corrections.Count > 0)
        {
            return $"Correction: {name}, what we told you was wrong";
        }
        if (delta.Before is null)
        {
            return phrase is { } promised ? $"New: {name}, promised for {Prose.Phrase(promised)}" : $"New: {name}";
        }
        if (delta.StatusChange is { } settled && milestone.State.Status.IsFinal())
        {
            return $"{name}: {Words.Of(milestone.State.Status)}{(settled.HappenedOn is { } on ? $" on {prose.Day(on)}" : "")}";
        }
        if (delta.Move?.Body?.Change is Rescheduled moved)
        {
            var was = delta.MovedFrom?.Body?.Change.PromiseSet();
            if (was is null)
            {
                return $"{name} is now promised for {Prose.Phrase(moved.Promise.Phrase)}";
            }
            var slip = Prose.Slip(was.Window, moved.Promise.Window) is { } days ? $" ({days})" : "";
            return $"{name} moved from {Prose.Phrase(was.Phrase)} to {Prose.Phrase(moved.Promise.Phrase)}{slip}";
        }
        if (delta.Clock is [{ Body.Change: ClockSaid said }, ..])
        {
            return Clock(said, name, phrase, milestone.Definition, prose);
        }
        if (delta.StatusChange?.Kind == EntryKind.Reopened)
        {
            return $"{name}: reopened, {Words.Of(milestone.State.Status)}";
        }
        if (delta.StatusChange is not null)
        {
            return $"{name}: now {Words.Of(milestone.State.Status)}";
        }
        var last = delta.Others[^1];
        return last.Body?.Change switch
        {
            ForecastShifted shifted =>
                $"{name}: forecast moved from {Words.AboutPercent(shifted.From)} to {Words.AboutPercent(shifted.To)}",
            Forecasted => $"{name}: a new forecast",
            ProgressRecorded reading => $"{name}: {Prose.Progress(reading.Value, last.Body.Standing, milestone.Definition)}",
            EvidenceAdded { Name: { } who } => $"{name}: new evidence, {who}",
            ReadingAdded reading => $"{name}: also printed as {Prose.Quoted(reading.Promise.Phrase)}",
            Redefined => $"{name}: reworded",
            _ => $"{name}: new evidence",
        };
    }

    private static string Clock(ClockSaid said, string name, string? phrase, Definition definition, Prose prose)
    {
        var days = Period.DaysBetween(prose.Today, said.On);
        var dated = Prose.Phrase(phrase ?? "the");
        return said.Said switch
        {
            EntryKind.WindowClosed => $"{name}: {dated} window closed, {BlockWriter.NothingOf(definition).ToLowerInvariant()} on record",
            EntryKind.DueSoon when days < 0 => $"{name}: {dated} window has ended",
            EntryKind.DueSoon when days == 0 => $"{name}: {dated} window ends today",
            EntryKind.DueSoon when days == 1 => $"{name}: {dated} window ends tomorrow",
            EntryKind.DueSoon => $"{name}: {dated} window ends in {Prose.Days(days)}",
            EntryKind.WindowOpened => $"{name}: {dated} window is open",
            EntryKind.GoneQuiet => $"{name}: nothing new for {Prose.Days(said.Days ?? 0)}",
            EntryKind.MayBeDue => $"{name}: {Prose.Quoted(phrase ?? "")} may be due now",
            _ => $"{name}: target reached on record",
        };
    }
}
