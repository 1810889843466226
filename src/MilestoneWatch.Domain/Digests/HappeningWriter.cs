using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Writes what was recorded of a milestone besides its date and its status.</summary>
internal sealed class HappeningWriter(DigestInput input, Prose prose)
{
    private const int PointsTold = 3;

    public string Write(Entry entry, MilestoneDelta delta)
    {
        var body = entry.Body!;
        var told = body.Change switch
        {
            ProgressRecorded reading => Prose.Sentence(
                prose.CreditedAfterComma(prose.Progress(reading.Value, body.Standing, delta.Milestone.Definition), entry)
            ),
            ReadingAdded reading => Reading(body, reading),
            EvidenceAdded evidence => Evidence(entry, evidence),
            Redefined redefined => Reworded(redefined.Definition, delta.WordingBefore),
            Forecasted forecast => Forecast(entry, forecast),
            ForecastShifted shifted => prose.Language.Say(
                "digest.forecast_moved",
                ("day", prose.Day(shifted.By)),
                ("from", Words.AboutPercent(shifted.From, prose.Language)),
                ("to", Words.AboutPercent(shifted.To, prose.Language)),
                ("analysts", prose.Language.Count("digest.analysts", shifted.Analysts))
            ),
            _ => "",
        };
        return body.Note is { } note ? $"{told} {Prose.Sentence(note)}" : told;
    }

    private string Reading(EntryBody body, ReadingAdded reading)
    {
        var quoted = prose.Language.Quoted(reading.Promise.Phrase);
        return prose.Language.Say(
            reading.Conflicts ? "digest.reading_conflicts" : "digest.reading",
            ("publisher", body.Source?.Publisher ?? prose.Language.Say("digest.another_source")),
            ("phrase", reading.Means is { } means ? prose.Aside(quoted, means) : quoted)
        );
    }

    private string Forecast(Entry entry, Forecasted forecast)
    {
        var who = ("who", input.NameOf(entry.Actor));
        var points = prose.Comma(
            forecast
                .Points.Take(PointsTold)
                .Select(point =>
                    prose.Language.Say(
                        "digest.forecast_point",
                        ("percent", Words.Percent(point.Probability, prose.Language)),
                        ("day", prose.Day(point.By))
                    )
                )
        );
        var more = forecast.Points.Count - PointsTold;
        return more > 0
            ? prose.Language.Count("digest.forecast_more", more, who, ("points", points))
            : prose.Language.Say("digest.forecast", who, ("points", points));
    }

    private string Evidence(Entry entry, EvidenceAdded evidence)
    {
        if (evidence is not { Name: { } name, Relation: { } relation })
        {
            return Prose.Sentence(prose.Language.Say("digest.evidence", ("evidence", new Silence(prose).Says(entry))));
        }
        var what = prose.Comma(name, relation.Replace('_', ' '));
        var said = entry.Body!.Quote is { } quote ? prose.Language.Join("text.colon", [what, prose.Said(entry.Body, quote)]) : what;
        var told = Prose.Sentence(prose.Credited(said, entry));
        return evidence.Counts ? told : $"{told} {prose.Language.Say("digest.not_counted")}";
    }

    /// <summary>What changed in the wording, and nothing that did not.</summary>
    public string Reworded(Definition now, Definition? was)
    {
        var language = prose.Language;
        var changes = new List<string>();
        if (now.Conflicts is { } conflicts && conflicts != was?.Conflicts)
        {
            changes.Add(Prose.Sentence(language.Say("digest.sources_disagree", ("conflicts", conflicts))));
        }
        if (now.CountsWhen is { } settles && settles != was?.CountsWhen)
        {
            changes.Add(Prose.Sentence(language.Say("digest.settles_now", ("criterion", settles))));
        }
        if (was is not null && now.Target is { } target && (target, now.Unit) != (was.Target, was.Unit))
        {
            var amount = ("target", prose.Amount(target, now.Unit));
            changes.Add(
                was.Target is { } old
                    ? language.Say("digest.target_moved", amount, ("old", prose.Amount(old, was.Unit)))
                    : language.Say("digest.target_now", amount)
            );
        }
        if (was is not null && now.Threshold != was.Threshold)
        {
            changes.Add(now.Threshold is { } enough ? language.Count("digest.threshold", enough) : language.Say("digest.threshold_open"));
        }
        return changes.Count == 0 ? language.Say("digest.reworded") : string.Join(' ', changes);
    }
}
