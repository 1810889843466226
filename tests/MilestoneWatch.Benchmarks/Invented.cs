using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Benchmarks;

/// <summary>Milestones and entries such as analysts record, without end and the same in every run.</summary>
internal static class Invented
{
    private static readonly Status[] Moods = [Status.OnTrack, Status.AtRisk, Status.Delayed];
    private static readonly string[] Phrases =
    [
        "Q3 2026",
        "by 2027",
        "H2 2026",
        "late 2027",
        "spring 2028",
        "by end of 2028",
        "March 2027",
    ];
    private static readonly Promise[] Promises =
    [
        .. Phrases.Select(phrase => new Promise(phrase, Read(phrase, new LocalDate(2026, 5, 28)))),
    ];
    private static readonly Citation Source = new(
        1,
        "Acme",
        "Acme reports on its data centre at the half year",
        "https://acme.example/news/half-year",
        new LocalDate(2026, 6, 2)
    );

    public static EntryBody Progress(decimal value) => new(new ProgressRecorded(value)) { Source = Source };

    /// <summary>A quantity that the clock has little to say of.</summary>
    public static EntryBody Quantity(string phrase = "Q3 2026") =>
        new(
            new Added(
                new Definition
                {
                    Title = "200 MW of capacity in operation",
                    CountsWhen = "Acme, or the grid's operator, says that 200 MW are in operation.",
                    Target = 1_000_000,
                    Unit = "MW",
                    Direction = Direction.AtLeast,
                    QuietDays = 0,
                },
                Promises.First(promise => promise.Phrase == phrase)
            )
        )
        {
            Source = Source,
        };

    /// <summary>An event of which the clock says one thing, at one instant: that its last day has passed.</summary>
    public static EntryBody DueOn(LocalDate day)
    {
        var phrase = $"by {LocalDatePattern.Iso.Format(day)}";
        var definition = new Definition
        {
            Title = "The site opens",
            CountsWhen = "Acme says that it is open.",
            ReminderDays = [],
            QuietDays = 0,
        };
        return new EntryBody(new Added(definition, new Promise(phrase, Read(phrase, day)))) { Source = Source };
    }

    /// <summary>What is recorded next of a quantity. Only kinds that have no projection beside the ledger.</summary>
    public static EntryBody Next(Random random, MilestoneState state) =>
        random.Next(10) switch
        {
            < 5 => Progress((state.Progress ?? 0) + 0.1m) with { Note = "Read off the chart on page four; the text gives no figure." },
            < 7 => new EntryBody(new StatusChanged(Moods[random.Next(Moods.Length)])) { Note = "By their own schedule.", Source = Source },
            7 => new EntryBody(new ReadingAdded(Promises[random.Next(Promises.Length)], "first racks in operation", true))
            {
                Source = Source,
            },
            _ => new EntryBody(new Rescheduled(Promises[random.Next(Promises.Length)]))
            {
                Quote = "We now expect the full capacity to be in operation somewhat later than first announced.",
                Verbatim = true,
                Source = Source,
            },
        };

    /// <summary>The state after an entry, by the product's own fold; null where the fold refuses it.</summary>
    public static MilestoneState? After(MilestoneState? state, MilestoneKind kind, long position, EntryBody body, LocalDate on) =>
        Fold.TryStep(state, kind, position, body, on, new HashSet<string>(StringComparer.Ordinal), out var after, out _) ? after : null;

    private static Window Read(string phrase, LocalDate on) =>
        PhraseReader.TryRead(phrase, on, null, out var window, out _) ? window : throw new InvalidOperationException(phrase);
}
