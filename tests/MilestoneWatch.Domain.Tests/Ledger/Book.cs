using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Ledger;

/// <summary>One milestone's entries in memory, kept as the recorder keeps them: what the rules refuse is not written.</summary>
internal sealed class Book
{
    public static readonly LocalDate Day = new(2026, 5, 28);
    public static readonly Citation Source = new(1, "Acme", null, null, null);
    private readonly MilestoneKind kind;

    public Book(MilestoneKind kind = MilestoneKind.Event, string? phrase = "Q3 2026", Definition? definition = null)
    {
        this.kind = kind;
        Definition = definition ?? new Definition { Title = "It opens" };
        Write(new Added(Definition, phrase is null ? null : Due(phrase)));
    }

    public Definition Definition { get; }
    public MilestoneKind Kind => kind;
    public List<Entry> Entries { get; } = [];

    /// <summary>The wording that stands; the first one where it was redacted.</summary>
    public Definition Wording => WordingAt(Head);
    public MilestoneState State => Entries[^1].State;
    public long Head => Entries[^1].Position;

    /// <summary>The reason why the last change was not written.</summary>
    public string? Refused { get; private set; }

    public Milestone Milestone => MilestoneAt(Head);

    public Milestone MilestoneAt(long position) =>
        new()
        {
            Id = 1,
            Slug = "site",
            Kind = kind,
            SubjectId = 1,
            SubjectSlug = "acme",
            SubjectName = "Acme",
            Zone = DateTimeZone.Utc,
            Definition = WordingAt(position),
            State = Entries[(int)position - 1].State,
            ChangedAt = Entries[(int)position - 1].RecordedAt,
            SubstanceAt = Entries[(int)Entries[(int)position - 1].State.SubstancePosition! - 1].RecordedAt,
        };

    public static Domain.Ledger.Promise Due(string phrase) =>
        PhraseReader.TryRead(phrase, Day, null, out var window, out _)
            ? new(phrase, window)
            : throw new ArgumentException($"not a date: {phrase}", nameof(phrase));

    public Definition WordingAt(long position) =>
        Entries[(int)Entries[(int)position - 1].State.DefinitionPosition - 1].Body?.Change switch
        {
            Added added => added.Definition,
            Redefined redefined => redefined.Definition,
            _ => Definition,
        };

    /// <summary>An entry's position, or null when it was refused.</summary>
    public long? Write(Change change, LocalDate? on = null, Standing? standing = null)
    {
        var body = new EntryBody(change) { Standing = standing, Source = standing is null ? null : Source };
        var counted = Refold.CountedIn(Entries, []);
        if (Fold.TryStep(Entries.LastOrDefault()?.State, kind, Entries.Count + 1, body, on ?? Day, counted, out var after, out var refusal))
        {
            return Append(body, after, on ?? Day);
        }
        Refused = refusal.Reason;
        return null;
    }

    public long Move(string phrase) => Write(new Rescheduled(Due(phrase)))!.Value;

    /// <summary>The retraction's position, or null when it was refused.</summary>
    public long? Retract(long position)
    {
        var target = Entries[(int)position - 1];
        if (!target.Kind.CanBeRetracted() || Entries.Exists(e => e.Retracts == position))
        {
            Refused = "it stays";
            return null;
        }
        var (folded, invalid, why) = Refold.Without(position, kind, Entries);
        if (Refold.AfterRetraction(folded, State, Entries.Count + 1) is not { } after)
        {
            Refused = $"entry {invalid}: {why?.Reason}";
            return null;
        }
        return Append(new EntryBody(new Retracted(position, "error")), after, Day, position);
    }

    public long Say(EntryKind said, LocalDate on, int? days = null, string? occasion = null) =>
        Append(new EntryBody(new ClockSaid(said, on, days)), State with { Position = Entries.Count + 1 }, null, occasion: occasion);

    public void Redact(long position) => Entries[(int)position - 1] = Entries[(int)position - 1] with { Body = null };

    public long? FirstWrong() => Refold.FirstWrong(kind, Entries);

    private long Append(EntryBody body, MilestoneState state, LocalDate? on, long? retracts = null, string? occasion = null)
    {
        Entries.Add(
            new Entry
            {
                Position = Entries.Count + 1,
                Kind = body.Change.Kind,
                RecordedAt = Instant.FromUtc(2026, 5, 28, 8, 0) + Duration.FromDays(Entries.Count),
                HappenedOn = on,
                Retracts = retracts,
                Occasion = occasion,
                Body = body,
                State = state,
            }
        );
        Refused = null;
        return Entries.Count;
    }
}
