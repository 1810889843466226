using System.Globalization;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>Reads a typed form as what is to be recorded.</summary>
internal static class EntryRequest
{
    private const int LongestText = 1 << 16;
    private static readonly string[] SourceDetails = ["publisher", "title", "published", "text"];

    /// <exception cref="RefusedException">A field cannot be read: which, and how to write it.</exception>
    public static RecordRequest Read(Milestone milestone, EntryForm form, string analyst, IClock clock)
    {
        var on = form["on"] is { } day ? Typed.Day("The day", day) : (LocalDate?)null;
        var changes = new List<Change>();
        if (milestone.State.Status.IsFinal() && Typed.Text("Why it is open again", form["reopen"]) is { } reason)
        {
            changes.Add(new Reopened(reason));
        }
        changes.AddRange(Changes(milestone, form, on, clock, reopened: changes.Count > 0));
        var request = new RecordRequest(milestone.Slug, changes, analyst)
        {
            HappenedOn = on,
            Note = Typed.Text("The note", form["note"]),
            Source = Source(form),
            Quote = Typed.Text("The quote", form["quote"]),
            Verbatim = form["quote"] is not null && form["paraphrase"] is null,
            Standing = Choice<Standing>("How it is known", form["standing"]),
            Revision = form.Revision,
        };
        return form.What == "evidence" && request is { Quote: null, Note: null, Source: null }
            ? throw new RefusedException("Evidence says something: give a quote, a source or a note")
            : request;
    }

    private static IEnumerable<Change> Changes(Milestone milestone, EntryForm form, LocalDate? on, IClock clock, bool reopened)
    {
        var status = Choice<Status>("The status", form["status"]);
        switch (form.What)
        {
            case "status":
                if (status is null)
                {
                    throw new RefusedException("Choose the status that is to be recorded");
                }
                // what is reopened is planned, or open, already
                return reopened && status is (Status.Planned or Status.Open)
                    ? []
                    : [new StatusChanged(status.Value, Typed.Text("The reason", form["override"]))];
            case "date":
                var moved = new Rescheduled(Promise(form, on, clock));
                return status is null ? [moved] : [moved, new StatusChanged(status.Value, Typed.Text("The reason", form["override"]))];
            case "progress":
                return [new ProgressRecorded(Number(form["value"], milestone.Definition.Unit))];
            case "evidence":
                return
                [
                    new EvidenceAdded(
                        Choice<Stance>("Which way it points", form["stance"]) ?? Stance.Unclear,
                        Typed.Text("The name", form["name"]),
                        NameKey: null,
                        Typed.Text("What they did", form["relation"]),
                        Counts: false
                    ),
                ];
            case "look":
                return [new Looked()];
            case "forecast":
                return [Forecast(form, clock)];
            case "reading":
                return
                [
                    new ReadingAdded(
                        Promise(form, on, clock),
                        Typed.Text("What it says happens then", form["means"]),
                        form["conflicts"] is not null
                    ),
                ];
            default:
                throw new RefusedException(
                    $"\"{form.What}\" is nothing that can be recorded: choose a status, a moved date, progress, evidence, a look, a forecast or a reading"
                );
        }
    }

    private static Promise Promise(EntryForm form, LocalDate? said, IClock clock)
    {
        int? fiscal = form["fiscal"] is { } month
            ? int.TryParse(month, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 12
                ? number
                : throw new RefusedException($"The month in which fiscal years start is 1 to 12, not \"{month}\"")
            : null;
        return Typed.Promise(form["phrase"] ?? throw new RefusedException("Give the date as it is printed"), said, clock, fiscal);
    }

    private static decimal Number(string? text, string? unit) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e15m
            ? number
            : throw new RefusedException(
                $"The reading{(unit is null ? "" : $", in {unit},")} is a number from 0 to below 10^15: write digits, with a point for decimals"
            );

    private static Forecasted Forecast(EntryForm form, IClock clock)
    {
        var on = clock.GetCurrentInstant().InUtc().Date;
        var points = new List<ForecastPoint>();
        for (var i = 1; i <= EntryForm.Forecasts; i++)
        {
            var (by, p) = (form[FormattableString.Invariant($"by{i}")], form[FormattableString.Invariant($"p{i}")]);
            if (by is null && p is null)
            {
                continue;
            }
            if (by is null || p is null)
            {
                throw new RefusedException(
                    $"Forecast {i} has {(by is null ? "a probability but no date" : "a date but no probability")}: give both"
                );
            }
            if (!PhraseReader.TryRead(by, on, null, out var window, out var error))
            {
                throw new RefusedException(Typed.Explain(by, error));
            }
            if (window.Latest is not { } latest)
            {
                throw new RefusedException($"\"{by}\" has no last day to forecast: give a date, such as 2026-12-31");
            }
            if (!decimal.TryParse(p.TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent))
            {
                throw new RefusedException($"\"{p}\" is no probability: write percent, from 0.1 to 99.9");
            }
            points.Add(new ForecastPoint(latest, percent / 100));
        }
        return Curve.TryRead(points, out var curve, out var refusal)
            ? new Forecasted(curve)
            : throw new RefusedException($"The forecast: {refusal.Reason}");
    }

    private static SourceNamed? Source(EntryForm form)
    {
        if (form["source"] is not { } text)
        {
            return SourceDetails.FirstOrDefault(field => form[field] is not null) is { } alone
                ? throw new RefusedException($"The source's {alone} tells of a source: name it by its address or its name")
                : null;
        }
        var named = Typed.Source("The source", text);
        return named with
        {
            Publisher = Typed.Text("The publisher", form["publisher"]) ?? named.Publisher,
            Title = Typed.Text("The source's title", form["title"]),
            PublishedOn = form["published"] is { } day ? Typed.Day("The day it was published", day) : null,
            Content =
                form["text"] is not { } content ? null
                : content.Length > LongestText
                    ? throw new RefusedException("The text that was read is too long: keep the part that says it")
                : content.Contains('\0', StringComparison.Ordinal)
                    ? throw new RefusedException("The text that was read is no text: it holds a NUL")
                : content,
        };
    }

    private static T? Choice<T>(string what, string? word)
        where T : struct, Enum
    {
        try
        {
            return word is null ? null : LedgerJson.ReadEnum<T>(word);
        }
        catch (System.Text.Json.JsonException)
        {
            throw new RefusedException(
                $"{what}: \"{word}\" is none of {string.Join(", ", Enum.GetValues<T>().Select(LedgerJson.WriteEnum))}"
            );
        }
    }
}
