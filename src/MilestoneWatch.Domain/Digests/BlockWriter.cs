using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes what a mail says of one changed milestone.</summary>
internal sealed class BlockWriter(DigestInput input, Prose prose)
{
    private readonly Language _language = prose.Language;
    private readonly ClockWriter _clock = new(prose);
    private readonly HappeningWriter _happenings = new(input, prose);

    public Block Write(MilestoneDelta delta)
    {
        var rows = new List<(string, string)>();
        var sentences = new List<string>();
        var milestone = delta.Milestone;
        Corrections(delta, sentences);
        if (delta.IsRestated)
        {
            Restated(delta, sentences);
        }
        if (delta.Before is null)
        {
            New(delta, sentences);
        }
        if (delta.Move is { } move)
        {
            Move(delta, move, rows, sentences);
        }
        if (delta.StatusChange is { } changed)
        {
            Status(delta, changed, rows);
        }
        Grounds(delta, rows);
        foreach (var entry in delta.Clock)
        {
            // how far it is may have been said above
            sentences.AddRange(_clock.Write(delta, (ClockSaid)entry.Body!.Change).Except(sentences, StringComparer.Ordinal).ToList());
        }
        foreach (var entry in delta.Others)
        {
            sentences.Add(_happenings.Write(entry, delta));
        }
        if (delta.Move is not null || delta.StatusChange is not null)
        {
            BearsOn(milestone, sentences);
        }
        if (delta.Move is not null && NextReminder(milestone) is { } reminder)
        {
            sentences.Add(reminder);
        }
        return new Block(milestone.Definition.Called(), milestone.Slug, rows, sentences)
        {
            Chart = new ChartWriter(input.Language, prose.Today).Of(delta),
        };
    }

    private void Corrections(MilestoneDelta delta, List<string> sentences)
    {
        foreach (var (told, retraction) in delta.Corrections)
        {
            var what = ("told", Told(told));
            sentences.Add(
                input.ToldOn(told.Position) is { } day
                    ? _language.Say("digest.told_you", ("day", prose.Day(day)), what)
                    : _language.Say("digest.record_said", what)
            );
            if (retraction.Body?.Change is Retracted { Reason: var reason })
            {
                sentences.Add(Prose.Sentence(_language.Say("digest.reason", ("reason", reason))));
            }
        }
    }

    // what no entry tells, since those that told it were withdrawn
    private void Restated(MilestoneDelta delta, List<string> sentences)
    {
        var milestone = delta.Milestone;
        var status = ("status", Words.Of(milestone.State.Status, _language));
        sentences.Add(
            milestone.Phrase is { } phrase && milestone.State.Window is { } window
                ? _language.Say("digest.now_promised", status, ("promised", prose.Aside(_language.Quoted(phrase), prose.Span(window))))
                : _language.Say("digest.now", status)
        );
        if (delta.Before!.Progress != milestone.State.Progress && !delta.Tells(milestone.State.ProgressPosition))
        {
            sentences.Add(_clock.SoFar(delta) ?? _language.Say("digest.no_number"));
        }
        if (
            delta.WordingBefore is { } wording
            && !Definitions.SayTheSame(wording, milestone.Definition)
            && !delta.Tells(milestone.State.DefinitionPosition)
        )
        {
            sentences.Add(_happenings.Reworded(milestone.Definition, wording));
        }
    }

    private string Told(Entry told) =>
        told.Body?.Change switch
        {
            Rescheduled moved => _language.Say("told.moved", ("phrase", _language.Quoted(moved.Promise.Phrase))),
            StatusChanged changed => _language.Say("told.status", ("status", Words.Of(changed.Status, _language))),
            Reopened => _language.Say("told.reopened"),
            ProgressRecorded reading => _language.Say("told.progress", ("value", _language.Number(reading.Value))),
            EvidenceAdded { Name: { } name } => _language.Say("told.evidence_about", ("name", name)),
            EvidenceAdded => _language.Say("told.evidence"),
            ReadingAdded reading => _language.Say("told.reading", ("phrase", _language.Quoted(reading.Promise.Phrase))),
            Redefined => _language.Say("told.reworded"),
            _ => _language.Say("told.withdrawn"),
        };

    private void New(MilestoneDelta delta, List<string> sentences)
    {
        var milestone = delta.Milestone;
        sentences.Add(
            milestone.Phrase is { } phrase && delta.At(milestone.State.WindowPosition) is { } promise
                ? _language.Say("digest.new_promised", ("promised", prose.Credited(_language.Quoted(phrase), promise)))
                : _language.Say("digest.new")
        );
        if (milestone.State.StatusPosition is not null)
        {
            sentences.Add(_language.Say("digest.its_status", ("status", Words.Of(milestone.State.Status, _language))));
        }
        if (milestone.Definition.CountsWhen is { } settles)
        {
            sentences.Add(Prose.Sentence(_language.Say("digest.settles", ("criterion", settles))));
        }
    }

    private void Move(MilestoneDelta delta, Entry move, List<(string, string)> rows, List<string> sentences)
    {
        var milestone = delta.Milestone;
        var now = ((Rescheduled)move.Body!.Change).Promise;
        var before = delta.Before!;
        var nowRow = (_language.Say("row.now"), prose.Comma(now.Phrase, prose.Span(now.Window)));
        if (delta.MovedFrom is { } old && old.Body?.Change.PromiseSet() is { } was)
        {
            rows.Add((_language.Say("row.was"), prose.Credited(Until(was.Phrase, was.Window.Latest), old)));
            rows.Add(nowRow);
            var moves =
                milestone.State.Moves == 1
                    ? _language.Say("row.first_move")
                    : _language.Say("row.moves", ("n", _language.Number(milestone.State.Moves)));
            rows.Add(
                (
                    _language.Say("row.moved"),
                    prose.Slip(was.Window, now.Window) is { } slip
                        ? _language.Say("row.moved_by", ("slip", slip), ("moves", moves))
                        : _language.Say("row.moved_open", ("moves", moves))
                )
            );
        }
        else
        {
            rows.Add(nowRow);
        }
        if (delta.StatusChange is null)
        {
            rows.Add((_language.Say("row.status"), Words.Of(milestone.State.Status, _language)));
        }
        if (before.Window?.Latest is { } passed && passed < prose.Today && !before.Status.IsFinal())
        {
            sentences.Add(_language.Say("digest.old_closed", ("nothing", prose.Nothing(milestone.Definition))));
        }
    }

    private string Until(string phrase, NodaTime.LocalDate? latest) =>
        latest is { } day ? _language.Say("row.until", ("phrase", phrase), ("day", _language.FullDay(day))) : phrase;

    private void Status(MilestoneDelta delta, Entry changed, List<(string, string)> rows)
    {
        var state = delta.Milestone.State;
        var step = $"{Words.Of(delta.Before!.Status, _language)} → {Words.Of(state.Status, _language)}";
        rows.Add((_language.Say("row.status"), changed.HappenedOn is { } day ? prose.Comma(step, prose.Day(day)) : step));
        if (state.Status == Domain.Milestones.Status.Achieved && delta.Milestone.Phrase is { } phrase)
        {
            rows.Add((_language.Say("row.promised"), Until(phrase, state.Window?.Latest)));
        }
        if (changed.Body!.Change is StatusChanged { Override: { } reason })
        {
            rows.Add((_language.Say("row.override"), reason));
        }
        if (changed.Body.Change is Reopened { Reason: var why })
        {
            rows.Add((_language.Say("row.reopened"), why));
        }
    }

    // A move and a status that were recorded together have one source and one note.
    private void Grounds(MilestoneDelta delta, List<(string, string)> rows)
    {
        EntryBody? said = null;
        foreach (var entry in new[] { delta.Move, delta.StatusChange }.OfType<Entry>())
        {
            var body = entry.Body!;
            if (said is null || (said.Source, said.Quote, said.Standing) != (body.Source, body.Quote, body.Standing))
            {
                var none = entry == delta.Move ? "row.no_source_move" : "row.no_source_change";
                rows.Add((_language.Say("row.source"), prose.Source(body, entry.HappenedOn) ?? _language.Say(none)));
            }
            if (body.Note is { } note && note != said?.Note)
            {
                rows.Add((_language.Say("row.note"), note));
            }
            said = body;
        }
    }

    private void BearsOn(Milestone milestone, List<string> sentences)
    {
        foreach (var question in input.BearsOn[milestone.Slug])
        {
            sentences.Add(
                _language.Say(
                    "digest.bears_on",
                    ("question", _language.Quoted(question.Definition.Title)),
                    ("status", Words.Of(question.State.Status, _language))
                )
            );
        }
    }

    private string? NextReminder(Milestone milestone)
    {
        var next = milestone.Occasions().FirstOrDefault(occasion => occasion.At > input.Now && occasion.Said.Said != EntryKind.GoneQuiet);
        if (next is null)
        {
            return null;
        }
        var day = ("day", prose.Day(next.At.InZone(milestone.Zone).Date));
        return next.Said switch
        {
            { Said: EntryKind.DueSoon, Days: { } days } => _language.Count("digest.reminder_before", days, day),
            { Said: EntryKind.WindowOpened } => _language.Say("digest.reminder_opening", day),
            { Said: EntryKind.WindowClosed } => _language.Say("digest.reminder_after", day),
            _ => _language.Say("digest.reminder", day),
        };
    }
}
