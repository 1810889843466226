using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The news itself in at most 70 characters, from the weightiest change.</summary>
internal sealed class SubjectLine(Prose prose)
{
    private readonly Language _language = prose.Language;

    public static string Write(IReadOnlyList<MilestoneDelta> ranked, Prose prose)
    {
        var line = new SubjectLine(prose);
        var (first, milestone) = (ranked[0], ranked[0].Milestone);
        // "Q2 2026" for "the second quarter of 2026", or where the words were redacted
        var ours = milestone.State.Window is { } window ? WindowPhrase.Print(window) : null;
        var subject = line.Of(first, milestone.Phrase ?? ours);
        if (subject.Length > DigestWriter.SubjectLimit && ours is not null)
        {
            subject = line.Of(first, ours);
        }
        // silence is told, but never counted as news beside news
        var more = ranked.Count(delta => delta.Weight != Weight.Quiet || first.Weight == Weight.Quiet) - 1;
        if (
            more > 0
            && prose.Language.Count("subject.and_more", more, ("subject", subject)) is { Length: <= DigestWriter.SubjectLimit } longer
        )
        {
            subject = longer;
        }
        return Fit(subject);
    }

    /// <summary>Cut to the limit: whole clauses, else whole words, since half a word is no news.</summary>
    public static string Fit(string text)
    {
        var subject = text.Replace('\u00a0', ' ').Replace('\u202f', ' ');
        if (subject.Length <= DigestWriter.SubjectLimit)
        {
            return subject;
        }
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

    private string Of(MilestoneDelta delta, string? phrase)
    {
        var milestone = delta.Milestone;
        var name = ("name", milestone.Definition.CalledBriefly());
        var status = ("status", Words.Of(milestone.State.Status, _language));
        if (delta.Corrections.Count > 0)
        {
            return _language.Say("subject.correction", name);
        }
        if (delta.Before is null)
        {
            return phrase is { } promised
                ? _language.Say("subject.new_promised", name, Phrase(promised))
                : _language.Say("subject.new", name);
        }
        if (delta.StatusChange is { } settled && milestone.State.Status.IsFinal())
        {
            return settled.HappenedOn is { } on
                ? _language.Say("subject.settled_on", name, status, ("day", prose.Day(on)))
                : _language.Say("subject.settled", name, status);
        }
        if (delta.Move?.Body?.Change is Rescheduled moved)
        {
            return Moved(delta, moved.Promise, name);
        }
        if (delta.Clock is [{ Body.Change: ClockSaid said }, ..])
        {
            return Clock(said, name, phrase, milestone.Definition);
        }
        if (delta.StatusChange is { } changed)
        {
            return _language.Say(changed.Kind == EntryKind.Reopened ? "subject.reopened" : "subject.status", name, status);
        }
        return delta.Others is [.., var last] ? Other(last, name, milestone.Definition) : _language.Say("subject.restated", name);
    }

    private (string, string) Phrase(string words) => ("phrase", prose.Phrase(words));

    private string Moved(MilestoneDelta delta, Promise now, (string, string) name)
    {
        if (delta.MovedFrom?.Body?.Change.PromiseSet() is not { } was)
        {
            return _language.Say("subject.now_promised", name, Phrase(now.Phrase));
        }
        var from = ("from", prose.Phrase(was.Phrase));
        var to = ("to", prose.Phrase(now.Phrase));
        return prose.Slip(was.Window, now.Window) is { } slip
            ? _language.Say("subject.moved_by", name, from, to, ("slip", slip))
            : _language.Say("subject.moved", name, from, to);
    }

    private string Other(Entry entry, (string, string) name, Definition definition) =>
        entry.Body?.Change switch
        {
            ForecastShifted shifted => _language.Say(
                "subject.forecast_moved",
                name,
                ("from", Words.AboutPercent(shifted.From, _language)),
                ("to", Words.AboutPercent(shifted.To, _language))
            ),
            Forecasted => _language.Say("subject.forecast", name),
            ProgressRecorded reading => _language.Say(
                "subject.progress",
                name,
                ("progress", prose.Progress(reading.Value, entry.Body.Standing, definition))
            ),
            EvidenceAdded { Name: { } who } => _language.Say("subject.evidence_about", name, ("who", who)),
            ReadingAdded reading => _language.Say("subject.reading", name, ("phrase", _language.Quoted(reading.Promise.Phrase))),
            Redefined => _language.Say("subject.reworded", name),
            _ => _language.Say("subject.evidence", name),
        };

    private string Clock(ClockSaid said, (string, string) name, string? words, Definition definition)
    {
        var phrase = ("phrase", words is null ? "" : prose.Phrase(words));
        return said.Said switch
        {
            EntryKind.WindowClosed => _language.Say("subject.closed", name, phrase, ("nothing", prose.Nothing(definition))),
            EntryKind.DueSoon => -prose.DaysSince(said.On) switch
            {
                < 0 => _language.Say("subject.due_past", name, phrase),
                0 => _language.Say("subject.due_today", name, phrase),
                1 => _language.Say("subject.due_tomorrow", name, phrase),
                var days => _language.Count("subject.due_soon", days, name, phrase),
            },
            EntryKind.WindowOpened => _language.Say("subject.opened", name, phrase),
            EntryKind.GoneQuiet => _language.Count("subject.quiet", said.Days ?? 0, name),
            EntryKind.MayBeDue => _language.Say("subject.may_be_due", name, ("phrase", _language.Quoted(words ?? ""))),
            _ => _language.Say("subject.target_reached", name),
        };
    }
}
