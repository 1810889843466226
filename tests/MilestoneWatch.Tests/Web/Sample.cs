using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

/// <summary>Views made from the founding facts; what happened after June 2026 is made up for the tests.</summary>
internal static class Sample
{
    public static readonly LocalDate Today = new(2026, 11, 23);

    public static readonly PromiseView Q3 = new(
        "Q3 2026",
        new Window(new LocalDate(2026, 7, 1), new LocalDate(2026, 9, 30), Precision.Quarter),
        PromisedOn: new LocalDate(2026, 5, 28),
        Publisher: "Mistral AI",
        Footnote: 1
    );

    public static readonly PromiseView Q4 = new(
        "Q4 2026",
        new Window(new LocalDate(2026, 10, 1), new LocalDate(2026, 12, 31), Precision.Quarter),
        PromisedOn: new LocalDate(2026, 10, 6),
        Publisher: "Mistral AI",
        Footnote: 4
    );

    public static MilestoneRow LesUlis { get; } =
        new()
        {
            Slug = "les-ulis-opening",
            Title = "Les Ulis inference data center opens",
            Name = "Les Ulis",
            Kind = MilestoneKind.Event,
            Status = Status.Delayed,
            Promise = Q4,
            Earlier = [Q3],
            Looks = [new(2026, 8, 17), new(2026, 10, 2), new(2026, 11, 9)],
            Evidence = [new(2026, 5, 28), new(2026, 5, 29), new(2026, 10, 6)],
            LastChange = new(new LocalDate(2026, 10, 6), "moved from Q3 2026 to Q4 2026"),
        };

    public static MilestoneRow Compute200 { get; } =
        new()
        {
            Slug = "compute-200-mw",
            Title = "200 MW of sovereign compute in the EU",
            Name = "200 MW",
            Kind = MilestoneKind.Quantity,
            Status = Status.OnTrack,
            Promise = new(
                "by 2027",
                new Window(null, new LocalDate(2027, 12, 31), Precision.Year, Alternative: new Bounds(null, new LocalDate(2026, 12, 31))),
                FirstSeenOn: new LocalDate(2026, 5, 28),
                Publisher: "Mistral AI"
            ),
            Progress = new(40, 200, "MW", new LocalDate(2026, 5, 29), "reported"),
            Evidence = [new(2026, 5, 28), new(2026, 5, 29)],
            Forecast =
            [
                new(new LocalDate(2026, 12, 31), 0.05m),
                new(new LocalDate(2027, 6, 30), 0.25m),
                new(new LocalDate(2027, 12, 31), 0.6m),
            ],
            LastChange = new(new LocalDate(2026, 5, 29), "40 MW reported"),
        };

    public static MilestoneRow Adoption { get; } =
        new()
        {
            Slug = "repeat-enterprise-adoption",
            Title = "Repeat enterprise adoption beyond the early flagship customers",
            Name = "Repeat adoption",
            Kind = MilestoneKind.Tally,
            Status = Status.Planned,
            Tally = new([], ["Airbus", "BMW", "ASML", "BNP Paribas", "European Patent Office"]),
            Evidence = [new(2026, 5, 28), new(2026, 5, 28), new(2026, 6, 1)],
            LastChange = new(new LocalDate(2026, 6, 1), "CMA CGM: a launch, which does not count"),
        };

    public static MilestoneRow Bruyeres { get; } =
        new()
        {
            Slug = "bruyeres-le-chatel-opening",
            Title = "Bruyères-le-Châtel data center (44 MW) opens",
            Name = "Bruyères-le-Châtel",
            Kind = MilestoneKind.Event,
            Status = Status.Planned,
            Attention = "the window ended on 30 June 2026, and no opening is on record.",
            Promise = new(
                "second quarter of 2026",
                new Window(new LocalDate(2026, 4, 1), new LocalDate(2026, 6, 30), Precision.Quarter),
                PromisedOn: new LocalDate(2026, 3, 30),
                Publisher: "n1n.ai"
            ),
            Evidence = [new(2026, 3, 30), new(2026, 5, 29)],
            Looks = [new(2026, 7, 6), new(2026, 10, 2)],
            LastChange = new(new LocalDate(2026, 3, 30), "promised"),
        };

    public static MilestoneRow Borlange { get; } =
        new()
        {
            Slug = "borlange-opening",
            Title = "Borlänge (Sweden) data center in service",
            Name = "Borlänge",
            Kind = MilestoneKind.Event,
            Status = Status.AtRisk,
            Promise = new(
                "2027",
                new Window(new LocalDate(2027, 1, 1), new LocalDate(2027, 12, 31), Precision.Year),
                PromisedOn: new LocalDate(2026, 2, 11),
                Publisher: "LeMagIT"
            ),
            Evidence = [new(2026, 2, 11)],
            LastChange = new(new LocalDate(2026, 2, 11), "promised"),
        };

    public static MilestoneRow Gigawatt { get; } =
        new()
        {
            Slug = "compute-1-gw",
            Title = "1 GW of compute",
            Name = "1 GW",
            Kind = MilestoneKind.Quantity,
            Status = Status.Planned,
            Promise = new(
                "by 2030",
                new Window(null, new LocalDate(2030, 12, 31), Precision.Year, Alternative: new Bounds(null, new LocalDate(2029, 12, 31))),
                FirstSeenOn: new LocalDate(2026, 5, 29),
                Publisher: "w.media"
            ),
            Progress = new(null, 1000, "MW"),
            LastChange = new(new LocalDate(2026, 5, 29), "first seen"),
        };

    public static MilestoneRow Financing { get; } =
        new()
        {
            Slug = "paris-financing",
            Title = "Debt financing for the Paris data center is signed",
            Name = "Paris financing",
            Kind = MilestoneKind.Event,
            Status = Status.Achieved,
            Promise = new(
                "around March 2026",
                new Window(new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31), Precision.Month, Approximate: true),
                PromisedOn: new LocalDate(2026, 2, 11),
                Publisher: "LeMagIT"
            ),
            SettledOn = new LocalDate(2026, 3, 30),
            Evidence = [new(2026, 2, 11), new(2026, 3, 30)],
            LastChange = new(new LocalDate(2026, 3, 30), "achieved"),
        };

    public static MilestoneRow OnSchedule { get; } =
        new()
        {
            Slug = "compute-on-schedule",
            Title = "Does the planned compute arrive on schedule?",
            Name = "Compute on schedule",
            Kind = MilestoneKind.Question,
            Status = Status.Open,
            About = [Link(LesUlis), Link(Compute200)],
        };

    public static MilestoneRow KeepPace { get; } =
        new()
        {
            Slug = "specialized-models-keep-pace",
            Title = "Do specialized models keep pace with user needs?",
            Name = "Specialized models",
            Kind = MilestoneKind.Question,
            Status = Status.Answered,
            SettledOn = new LocalDate(2026, 9, 14),
        };

    public static BoardView Board { get; } =
        new(
            "Mistral AI",
            Today,
            null,
            [LesUlis, Compute200, Adoption, Bruyeres, Borlange, Gigawatt, Financing, OnSchedule, KeepPace],
            new LocalDate(2026, 10, 6)
        )
        {
            Counts = new(Promises: 7, Questions: 2, Settled: 1, Matched: 9),
            Choices = new(
                [new("mistral-ai", "Mistral AI")],
                Enum.GetValues<MilestoneKind>(),
                [Status.Planned, Status.OnTrack, Status.AtRisk, Status.Delayed, Status.Achieved, Status.Open, Status.Answered]
            ),
            Strip = StripPoint.Of([new(2026, 5, 28), new(2026, 10, 6)], null),
        };

    public static MilestoneView LesUlisPage { get; } =
        new()
        {
            SubjectName = "Mistral AI",
            Today = Today,
            Zone = DateTimeZoneProviders.Tzdb["Europe/Paris"],
            Row = LesUlis,
            Standing = "Promised for the third quarter of 2026, moved once to the fourth; no opening is on record.",
            Detail = "A 10 MW inference site in Les Ulis (Essonne, France).",
            CountsWhen = "Mistral AI, or a first-hand report, says that the site serves inference; a construction start does not count.",
            CountsWhenIsOurs = true,
            Conflict = "Some sources print the same dates for the start of construction, not for the opening.",
            Readings =
            [
                new("by Q3 2026", "ETDatacenters", "fully operational", Footnote: 2),
                new("Q3 2026", "w.media", "full operation", Footnote: 3),
                new("second half of 2026", "The Neural Feed", "construction starts", Conflicts: true, Footnote: 5),
            ],
            Story =
            [
                new(new LocalDate(2026, 11, 9), "Looked", "Nothing new at mistral.ai/news."),
                new(
                    new LocalDate(2026, 10, 20),
                    "Status",
                    "Marked as achieved.",
                    Retracted: true,
                    RetractedBecause: "The report spoke of another site. That was our error.",
                    RecordedAt: Instant.FromUtc(2026, 10, 20, 9, 30)
                ),
                new(
                    new LocalDate(2026, 10, 6),
                    "Date moved",
                    "From Q3 2026 to Q4 2026, 92 days later.",
                    Note: "The first move on record; the old window had closed with no opening.",
                    Quote: new("The site will now open in the fourth quarter.", Verbatim: true),
                    Footnote: 4,
                    RecordedAt: Instant.FromUtc(2026, 10, 6, 7, 12)
                ),
                new(new LocalDate(2026, 9, 30), "Window closed", "The third quarter ended with no opening on record."),
                new(
                    new LocalDate(2026, 5, 28),
                    "Promised",
                    "A new 10 MW inference data center, scheduled for Q3 2026.",
                    Quote: new("Les Ulis is to open in the third quarter", Verbatim: false),
                    Footnote: 1
                ),
            ],
            Sources =
            [
                new(
                    1,
                    "Mistral AI",
                    "AI Now Summit 2026",
                    "https://mistral.ai/news/ai-now-summit-2026/",
                    new LocalDate(2026, 5, 28),
                    Instant.FromUtc(2026, 6, 3, 8, 0),
                    "claimed"
                ),
                new(
                    2,
                    "ETDatacenters",
                    "Mistral AI to expand data center capacity in France",
                    "https://datacenters.economictimes.indiatimes.com/news/ai-compute-infrastructure/mistral-ai-to-expand-data-center-capacity-in-france/131388204",
                    Standing: "reported"
                ),
                new(
                    3,
                    "w.media",
                    "Mistral announces AI data center expansion plans, forays into industrial AI engineering",
                    "https://w.media/?p=40382",
                    new LocalDate(2026, 5, 29),
                    Standing: "reported"
                ),
                new(4, "Mistral AI", Url: "https://mistral.ai/news/", PublishedOn: new LocalDate(2026, 10, 6), Standing: "claimed"),
                new(
                    5,
                    "The Neural Feed",
                    "Mistral AI invests €4B in French data center, explores own chips",
                    "https://theneuralfeed.com/article/mistral-ai-explores-in-house-chip-development-and-invests-4-billion-in-new-frenc/vVAgQ0xh",
                    Standing: "unclear"
                ),
            ],
            NextDates =
            [
                new(new LocalDate(2026, 12, 1), "Reminder, 30 days before the window ends."),
                new(new LocalDate(2026, 12, 31), "The window ends."),
            ],
            BearsOn = [Link(OnSchedule)],
            Context =
            [
                new(
                    new LocalDate(2026, 5, 28),
                    "Announced with Les Ulis at the AI Now Summit: Mistral for Industrial Engineering and the Vibe agent product.",
                    1
                ),
                new(
                    new LocalDate(2026, 5, 28),
                    "Anthropic said it raised $65 billion in Series H funding to expand compute and scale products."
                ),
            ],
        };

    public static MilestoneView PageOf(MilestoneRow row) =>
        new()
        {
            SubjectName = "Mistral AI",
            Today = Today,
            Zone = DateTimeZone.Utc,
            Row = row,
            Standing = "It stands where it stood.",
        };

    private static MilestoneLink Link(MilestoneRow row) => new(row.Slug, row.Title, row.Status);
}
