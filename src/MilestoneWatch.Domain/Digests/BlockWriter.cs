using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes what a mail says of one changed milestone.</summary>
/// <remarks>Over 300 lines, since every kind of news has its sentence here and nowhere else.</remarks>
internal sealed class BlockWriter(DigestInput input, Prose prose)
{
    public Block Write(MilestoneDelta delta)
    {
        var rows = new List<(string, string)>();
        var sentences = new List<string>();
        var milestone = delta.Milestone;
        Corrections(delta, sentences);
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
            Clock(delta, entry, sentences);
        }
        foreach (var entry in delta.Others)
        {
            sentences.Add(Other(entry, delta));
        }
        if (delta.Move is not null || delta.StatusChange is not null)
        {
            BearsOn(milestone, sentences);
        }
        if (delta.Move is not null && NextReminder(milestone) is { } reminder)
        {
            sentences.Add(reminder);
        }
        return new Block(milestone.Definition.Called(), milestone.Slug, rows, sentences);
    }

    /// <summary>"No opening", "Nothing": what is not on record.</summary>
    public static string NothingOf(Definition definition) => definition.Outcome is { } outcome ? $"No {outcome}" : "Nothing";

    /// <summary>"Last looked 2 October at Mistral AI: nothing new."</summary>
    public string? LastLook(MilestoneDelta delta)
    {
        var look = delta.History.LastOrDefault(entry => entry.Position == delta.Milestone.State.LookPosition);
        if (look?.HappenedOn is not { } on)
        {
            return null;
        }
        var where = look.Body?.Source is { } source ? $" at {source.Url ?? source.Publisher}" : "";
        return $"Last looked {prose.Day(on)}{where}: nothing new.";
    }

    /// <summary>"w.media lists 40 MW there as existing (29 May)": what speaks against nothing having happened, or null.</summary>
    public string? Against(MilestoneDelta delta)
    {
        var against = delta
            .History.Standing()
            .LastOrDefault(entry =>
                entry
                    is {
                        Kind: EntryKind.EvidenceAdded,
                        Body: { Source: not null, Quote: not null, Change: EvidenceAdded { Stance: not Stance.Contradicts } }
                    }
            );
        if (against?.Body is not { } body)
        {
            return null;
        }
        var on = against.HappenedOn is { } day ? $" ({prose.Brief(day)})" : "";
        return $"{body.Source!.Publisher} {(body.Verbatim ? $"says {Prose.Quoted(body.Quote!)}" : body.Quote)}{on}";
    }

    private void Corrections(MilestoneDelta delta, List<string> sentences)
    {
        foreach (var (told, retraction) in delta.Corrections)
        {
            var on = input.ToldOn(told.Position);
            var when = on is { } day ? $"We told you on {prose.Day(day)}" : "Our record said";
            sentences.Add($"{when}: {Told(told)} That was our error.");
            if (retraction.Body?.Change is Retracted { Reason: var reason })
            {
                sentences.Add(Prose.Sentence($"Reason: {reason}"));
            }
        }
        if (delta.Corrections.Count > 0)
        {
            var milestone = delta.Milestone;
            var date =
                milestone.Phrase is { } phrase && milestone.State.Window is { } window
                    ? $", promised for {Prose.Quoted(phrase)} ({Prose.Span(window)})"
                    : "";
            sentences.Add($"On record now: {Words.Of(milestone.State.Status)}{date}.");
        }
    }

    private static string Told(Entry told) =>
        told.Body?.Change switch
        {
            Rescheduled moved => $"the date moved to {Prose.Quoted(moved.Promise.Phrase)}.",
            StatusChanged changed => $"its status became {Words.Of(changed.Status)}.",
            Reopened => "it was reopened.",
            ProgressRecorded reading => $"progress reached {Prose.Number(reading.Value)}.",
            EvidenceAdded { Name: { } name } => $"there was evidence about {name}.",
            EvidenceAdded => "there was new evidence.",
            ReadingAdded reading => $"the date was also printed as {Prose.Quoted(reading.Promise.Phrase)}.",
            Redefined => "what it means was reworded.",
            _ => "something that has since been withdrawn.",
        };

    private void New(MilestoneDelta delta, List<string> sentences)
    {
        var milestone = delta.Milestone;
        sentences.Add(
            milestone.Phrase is { } phrase && Entry(delta, milestone.State.WindowPosition) is { } promise
                ? $"New on the watchlist, promised for {Prose.Quoted(phrase)}{prose.Credit(promise)}."
                : "New on the watchlist; no date was promised."
        );
        if (milestone.State.StatusPosition is not null)
        {
            sentences.Add($"Its status is {Words.Of(milestone.State.Status)}.");
        }
        if (milestone.Definition.CountsWhen is { } settles)
        {
            sentences.Add(Prose.Sentence($"What settles it: {settles}"));
        }
        Differ(delta, sentences);
    }

    private void Move(MilestoneDelta delta, Entry move, List<(string, string)> rows, List<string> sentences)
    {
        var milestone = delta.Milestone;
        var now = ((Rescheduled)move.Body!.Change).Promise;
        var before = delta.Before!;
        if (delta.MovedFrom is { } old && old.Body?.Change.PromiseSet() is { Window: var window } was)
        {
            var until = window.Latest is { } latest ? $", until {Prose.FullDay(latest)}" : "";
            rows.Add(("Was", $"{was.Phrase}{until}{prose.Credit(old)}"));
            rows.Add(("Now", $"{now.Phrase}, {Prose.Span(now.Window)}"));
            var moves = milestone.State.Moves == 1 ? "first move on record" : $"move {Prose.Number(milestone.State.Moves)} on record";
            rows.Add(
                (
                    "Moved",
                    Prose.Slip(window, now.Window) is { } slip
                        ? $"{slip}; {moves}"
                        : $"{moves}; not a number of days, since one end is open"
                )
            );
        }
        else
        {
            rows.Add(("Now", $"{now.Phrase}, {Prose.Span(now.Window)}"));
        }
        if (delta.StatusChange is null)
        {
            rows.Add(("Status", Words.Of(milestone.State.Status)));
        }
        if (before.Window?.Latest is { } passed && passed < prose.Today && !before.Status.IsFinal())
        {
            sentences.Add($"The old window had closed with {NothingOf(milestone.Definition).ToLowerInvariant()} on record.");
        }
    }

    private void Status(MilestoneDelta delta, Entry changed, List<(string, string)> rows)
    {
        var body = changed.Body!;
        var on = changed.HappenedOn is { } day ? $", {prose.Day(day)}" : "";
        rows.Add(("Status", $"{Words.Of(delta.Before!.Status)} → {Words.Of(delta.Milestone.State.Status)}{on}"));
        if (delta.Milestone.State.Status == Domain.Milestones.Status.Achieved && delta.Milestone.Phrase is { } phrase)
        {
            rows.Add(
                ("Promised", $"{phrase}{(delta.Milestone.State.Window?.Latest is { } latest ? $", until {Prose.FullDay(latest)}" : "")}")
            );
        }
        if (body.Change is StatusChanged { Override: { } reason })
        {
            rows.Add(("Without evidence", reason));
        }
        if (body.Change is Reopened { Reason: var why })
        {
            rows.Add(("Reopened", why));
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
                rows.Add(("Source", prose.Source(body, entry.HappenedOn, entry == delta.Move ? "this move" : "this change")));
            }
            if (body.Note is { } note && note != said?.Note)
            {
                rows.Add(("Note", note));
            }
            said = body;
        }
    }

    private void Clock(MilestoneDelta delta, Entry entry, List<string> sentences)
    {
        var milestone = delta.Milestone;
        var said = (ClockSaid)entry.Body!.Change;
        var phrase = Prose.Quoted(milestone.Phrase ?? "");
        switch (said.Said)
        {
            case EntryKind.WindowClosed:
                var credit = Entry(delta, milestone.State.WindowPosition) is { } promise ? prose.Credit(promise) : "";
                var noDate = milestone.State.Moves == 0 ? "no new date are" : "no newer date are";
                sentences.Add(
                    $"Promised for {phrase}{credit}. The window ended on {prose.Day(said.On)}. {NothingOf(milestone.Definition)} and {noDate} on record."
                );
                sentences.Add("That is silence, not proof of a miss.");
                if (Against(delta) is { } against)
                {
                    sentences.Add($"Yet {against}.");
                }
                if (LastLook(delta) is { } look)
                {
                    sentences.Add(look);
                }
                Differ(delta, sentences);
                break;
            case EntryKind.DueSoon:
                var left = Period.DaysBetween(prose.Today, said.On);
                sentences.Add(
                    left switch
                    {
                        < 0 => $"Promised for {phrase}; the window ended on {prose.Day(said.On)}.",
                        0 => $"Due today: promised for {phrase}, and this is the window's last day.",
                        1 => $"Due tomorrow: promised for {phrase}, which ends on {prose.Day(said.On)}.",
                        _ => $"Due within {Prose.Days(left)}: promised for {phrase}, which ends on {prose.Day(said.On)}.",
                    }
                );
                sentences.Add($"{NothingOf(milestone.Definition)} is on record so far.");
                break;
            case EntryKind.WindowOpened:
                var end = milestone.State.Window?.Latest is { } latest ? $" and ends on {prose.Day(latest)}" : "";
                sentences.Add($"The window for {phrase} opened on {prose.Day(said.On)}{end}.");
                break;
            case EntryKind.MayBeDue:
                var otherwise = milestone.State.Window?.Latest is { } printed
                    ? $"; if it means {Prose.MeansBy(printed)}, it is not due yet"
                    : "";
                sentences.Add(
                    $"If {phrase} means {Prose.MeansBefore(said.On)}, it was due by {prose.Day(said.On)}{otherwise}. {NothingOf(milestone.Definition)} is on record."
                );
                break;
            case EntryKind.TargetReached:
                sentences.Add("The number on record has reached the target; whether that settles it is for an analyst to say.");
                break;
            case EntryKind.GoneQuiet:
                sentences.Add($"Nothing new has been recorded for {Prose.Days(said.Days ?? 0)}.");
                break;
            default:
                break;
        }
        if (said.Said is not (EntryKind.WindowOpened or EntryKind.GoneQuiet) && SoFar(delta) is { } soFar)
        {
            sentences.Add(soFar);
        }
    }

    private static string? SoFar(MilestoneDelta delta) =>
        delta.Milestone.State is { Progress: { } value, ProgressPosition: var position }
        && !delta.Others.Any(entry => entry.Position == position)
            ? $"So far: {Prose.Progress(value, Entry(delta, position)?.Body?.Standing, delta.Milestone.Definition)}."
            : null;

    private string Other(Entry entry, MilestoneDelta delta)
    {
        var body = entry.Body!;
        var note = body.Note is { } words ? $" {Prose.Sentence(words)}" : "";
        return body.Change switch
        {
            ProgressRecorded reading =>
                $"{Prose.Progress(reading.Value, body.Standing, delta.Milestone.Definition)}{prose.CreditAfterComma(entry)}.{note}",
            ReadingAdded reading =>
                $"{body.Source?.Publisher ?? "Another source"} prints the date as {Prose.Quoted(reading.Promise.Phrase)}{(reading.Means is { } means ? $" ({means})" : "")}{(reading.Conflicts ? ", which conflicts with the promise" : "")}.{note}",
            EvidenceAdded evidence => Evidence(entry, evidence) + note,
            Redefined redefined => Reworded(redefined.Definition, delta.WordingBefore) + note,
            Forecasted forecast => Forecast(entry, forecast) + note,
            ForecastShifted shifted =>
                $"The forecast that it happens by {prose.Day(shifted.By)} moved from {Words.AboutPercent(shifted.From)} to {Words.AboutPercent(shifted.To)} ({Prose.Analysts(shifted.Analysts)}).",
            _ => "",
        };
    }

    private string Forecast(Entry entry, Forecasted forecast)
    {
        var who = entry.Actor is { } actor && input.Names.TryGetValue(actor, out var name) ? name : "an analyst";
        var points = forecast.Points.Take(3).Select(point => $"{Words.Percent(point.Probability)} by {prose.Day(point.By)}");
        var more = forecast.Points.Count > 3 ? $", and {Prose.Number(forecast.Points.Count - 3)} later" : "";
        return $"Forecast by {who}: {string.Join(", ", points)}{more}.";
    }

    private string Evidence(Entry entry, EvidenceAdded evidence)
    {
        var body = entry.Body!;
        if (evidence is { Name: { } name, Relation: { } relation })
        {
            var quote = body.Quote is { } text ? $": {(body.Verbatim ? Prose.Quoted(text) : text)}" : "";
            var counts = evidence.Counts ? "" : " It does not count.";
            return $"{Prose.Sentence($"{name}, {relation.Replace('_', ' ')}{quote}{prose.Credit(entry)}")}{counts}";
        }
        var says = body.Quote is { } words ? (body.Verbatim ? $"says {Prose.Quoted(words)}" : words) : "is on record";
        var on = entry.HappenedOn is { } day ? $" ({prose.Brief(day)})" : "";
        return Prose.Sentence($"New evidence: {body.Source?.Publisher ?? "an unnamed source"} {says}{on}");
    }

    // what changed in the wording, and nothing that did not
    private static string Reworded(Definition now, Definition? was)
    {
        var changes = new List<string>();
        if (now.Conflicts is { } conflicts && conflicts != was?.Conflicts)
        {
            changes.Add(Prose.Sentence($"Sources disagree: {conflicts}"));
        }
        if (now.CountsWhen is { } settles && settles != was?.CountsWhen)
        {
            changes.Add(Prose.Sentence($"What settles it was reworded: {settles}"));
        }
        if (was is not null && now.Target is { } target && (target, now.Unit) != (was.Target, was.Unit))
        {
            var before = was.Target is { } old ? $"; it was {Prose.Number(old)}\u00a0{was.Unit}" : "";
            changes.Add($"The target is now {Prose.Number(target)}\u00a0{now.Unit}{before}.");
        }
        if (was is not null && now.Threshold != was.Threshold)
        {
            changes.Add(
                now.Threshold is { } enough
                    ? $"{Prose.Count(enough, "name is", "names are")} enough now."
                    : "How many names are enough is open again."
            );
        }
        return changes.Count == 0 ? "Its description was reworded." : string.Join(' ', changes);
    }

    // One reading that agrees with the promise beside each that does not.
    private static void Differ(MilestoneDelta delta, List<string> sentences)
    {
        var readings = delta
            .History.Standing()
            .Where(entry => entry.Kind == EntryKind.ReadingAdded && entry.Body is not null)
            .Select(entry => (entry.Body!.Source, Reading: (ReadingAdded)entry.Body.Change))
            .ToList();
        var against = readings.Where(reading => reading.Reading.Conflicts).ToList();
        if (against.Count == 0)
        {
            return;
        }
        var agreeing = readings.Find(reading =>
            !reading.Reading.Conflicts && reading.Reading.Promise.Window == delta.Milestone.State.Window
        );
        var all = agreeing.Reading is null ? against : [agreeing, .. against];
        var told = all.Select(reading =>
        {
            var publisher =
                reading.Source is not { } source ? ""
                : source.Publisher.Contains('(', StringComparison.Ordinal) ? $", {source.Publisher}"
                : $" ({source.Publisher})";
            var means = reading.Reading.Means is { } words ? $"{words} in " : "";
            var the = Ordinal(reading.Reading.Promise.Phrase) ? "the " : "";
            return $"{means}{the}{Prose.Quoted(reading.Reading.Promise.Phrase)}{publisher}";
        });
        sentences.Add($"Sources differ: {string.Join(", or ", told)}.");
    }

    private static bool Ordinal(string phrase) =>
        phrase.Split(' ', 2)[0].ToUpperInvariant() is "FIRST" or "SECOND" or "THIRD" or "FOURTH" or "END" or "MIDDLE" or "BEGINNING";

    private void BearsOn(Milestone milestone, List<string> sentences)
    {
        foreach (var question in input.BearsOn[milestone.Slug])
        {
            sentences.Add($"Bears on: {Prose.Quoted(question.Definition.Title)} ({Words.Of(question.State.Status)})");
        }
    }

    private string? NextReminder(Milestone milestone)
    {
        var next = milestone.Occasions().FirstOrDefault(occasion => occasion.At > input.Now && occasion.Said.Said != EntryKind.GoneQuiet);
        if (next is null)
        {
            return null;
        }
        var day = prose.Day(next.At.InZone(milestone.Zone).Date);
        return next.Said switch
        {
            { Said: EntryKind.DueSoon, Days: { } days } => $"Next reminder: {day}, {Prose.Days(days)} before the window ends.",
            { Said: EntryKind.WindowOpened } => $"Next reminder: {day}, when the window opens.",
            { Said: EntryKind.WindowClosed } => $"Next reminder: {day}, the day after the window ends.",
            _ => $"Next reminder: {day}.",
        };
    }

    private static Entry? Entry(MilestoneDelta delta, long? position) => delta.History.LastOrDefault(entry => entry.Position == position);
}
