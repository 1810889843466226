using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;

namespace MilestoneWatch.Tests.Postgres;

public sealed class LedgerJsonTests
{
    private static readonly LocalDate Day = new(2026, 9, 30);

    private static readonly Definition Full = new()
    {
        Title = "L'ouverture — \"здесь\" \u00e9",
        Name = "Name",
        ShortName = "Short",
        Outcome = "opening",
        Detail = "Detail",
        CountsWhen = "It opens.",
        Ours = ["name"],
        Target = 0.10m,
        Unit = "MW",
        Direction = Direction.AtMost,
        Baseline = ["Airbus"],
        Relations = new Dictionary<string, bool>(StringComparer.Ordinal) { ["renewal"] = true },
        Threshold = 3,
        Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["EADS"] = "Airbus" },
        ReminderDays = [60, 1],
        QuietDays = 30,
        ForecastPoints = 5,
        Conflicts = "They disagree.",
        About = ["site"],
    };

    private static readonly Change[] Changes =
    [
        new Added(Full, Is.Due("by 2027") with { FirstSeen = true }),
        new Added(new Definition { Title = "Bare" }, null),
        new Redefined(Full),
        new StatusChanged(Status.OnTrack, "I was there"),
        new Reopened("too early"),
        new Rescheduled(Is.Due("around Q4 2026")),
        new ReadingAdded(Is.Due("after 2026"), "full operation", true),
        new ProgressRecorded(40.5m),
        new EvidenceAdded(Stance.Contradicts, "CMA CGM", "CMA CGM", "renewal", true),
        new Looked(),
        new Forecasted([new ForecastPoint(Day, 0.125m)]),
        new ForecastShifted(Day, 0.125m, 0.375m, 2),
        new Retracted(7, "misread"),
        new Redacted(7, "a name"),
        new ClockSaid(EntryKind.DueSoon, Day, 7),
        new ClockSaid(EntryKind.WindowClosed, Day, null),
    ];

    [Fact]
    public void Every_kind_of_change_comes_back_as_it_was_written()
    {
        foreach (var change in Changes)
        {
            var body = new EntryBody(change)
            {
                Note = "note",
                Quote = "\u201cquote\u201d",
                Verbatim = true,
                Ours = true,
                Standing = Standing.Reported,
                Source = new Citation(4, "Acme", "Title", "https://acme.example/a?b=c&d", Day),
            };
            var text = LedgerJson.Write(body);
            var read = LedgerJson.ReadBody(change.Kind, text);

            Assert.Equal(change.GetType(), read.Change.GetType());
            Assert.Equal(text, LedgerJson.Write(read));
            Assert.Equal(body with { Change = read.Change }, read);
            NothingIsLost(change, JsonNode.Parse(text)!["change"]!.AsObject());
        }
    }

    [Fact]
    public void No_kind_of_change_is_forgotten_above()
    {
        var cases = typeof(Change).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Change)));

        Assert.Equal(
            cases.Select(type => type.Name).Order(StringComparer.Ordinal),
            Changes.Select(change => change.GetType().Name).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_kind_of_entry_has_a_word_that_reads_back()
    {
        foreach (var kind in Enum.GetValues<EntryKind>())
        {
            Assert.Equal(kind, LedgerJson.ReadEnum<EntryKind>(LedgerJson.WriteEnum(kind)));
        }
        Assert.Equal("window_closed", LedgerJson.WriteEnum(EntryKind.WindowClosed));
    }

    [Fact]
    public void A_state_comes_back_as_it_was_written()
    {
        var window = Is.Due("by 2027").Window;
        var state = new MilestoneState
        {
            Status = Status.AtRisk,
            Position = 9,
            Revision = 8,
            DefinitionPosition = 1,
            StatusPosition = 4,
            StatusOn = Day,
            Window = window,
            WindowPosition = 3,
            FirstWindow = Is.Due("~Q3 2026").Window,
            FirstWindowPosition = 1,
            Moves = 1,
            Progress = 40.5m,
            ProgressOn = Day,
            ProgressPosition = 5,
            Counted = 2,
            Proofs = 1,
            SubstancePosition = 5,
            LookedOn = Day,
            LookPosition = 6,
        };

        Assert.Equal(state, LedgerJson.ReadState(JsonSerializer.Serialize(state, LedgerJson.Options)));
        Assert.All(typeof(MilestoneState).GetProperties(), property => Assert.NotNull(property.GetValue(state)));
    }

    [Theory]
    [InlineData("later")]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("added, looked")]
    [InlineData("StatusChanged")]
    [InlineData("status changed")]
    [InlineData("null")]
    [InlineData("added\",\"looked")]
    public void An_unknown_word_throws(string text) => Assert.Throws<JsonException>(() => LedgerJson.ReadEnum<EntryKind>(text));

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"change\": null}")]
    [InlineData("{\"change\": {\"status\": \"later\"}}")]
    [InlineData("{\"change\": {\"status\": \"planned\"}, \"standing\": 2}")]
    [InlineData("{\"change\": {\"status\": \"planned\"}, \"source\": {\"id\": 1, \"published_on\": \"2026-02-31\"}}")]
    public void A_body_that_was_never_written_throws(string text) =>
        Assert.Throws<JsonException>(() => LedgerJson.ReadBody(EntryKind.StatusChanged, text));

    [Theory]
    [InlineData("planned, on_track")]
    [InlineData("on_track,at_risk")]
    [InlineData("Planned")]
    [InlineData("ON_TRACK")]
    [InlineData(" planned")]
    [InlineData("onTrack")]
    [InlineData("0")]
    [InlineData("later")]
    public void A_word_within_a_body_or_a_state_is_one_that_was_written(string word)
    {
        Assert.Throws<JsonException>(() => LedgerJson.ReadBody(EntryKind.StatusChanged, $$$"""{"change": {"status": "{{{word}}}"}}"""));
        Assert.Throws<JsonException>(() => LedgerJson.ReadState($$"""{"status": "{{word}}"}"""));
        Assert.Throws<JsonException>(() =>
            LedgerJson.ReadBody(EntryKind.StatusChanged, $$$"""{"change": {"status": "planned"}, "standing": "{{{word}}}"}""")
        );
    }

    [Fact]
    public void A_value_without_a_word_is_not_written() =>
        Assert.Throws<JsonException>(() => LedgerJson.Write(new EntryBody(new StatusChanged((Status)99))));

    [Fact]
    public void Instants_are_cut_to_microseconds_toward_the_past()
    {
        var micro = Instant.FromUtc(2026, 9, 30, 22, 0) + Duration.FromTicks(10);

        Assert.Equal(micro, MilestoneWatch.Record.Ledger.Micros(micro));
        Assert.Equal(micro, MilestoneWatch.Record.Ledger.Micros(micro + Duration.FromNanoseconds(999)));
        Assert.Equal(Instant.FromUnixTimeTicks(-10), MilestoneWatch.Record.Ledger.Micros(Instant.FromUnixTimeTicks(-1)));
    }

    // a property whose value is not null stands in the text
    private static void NothingIsLost(Change change, JsonObject json) =>
        Assert.All(
            change.GetType().GetProperties().Where(p => p.Name != nameof(Change.Kind) && p.GetValue(change) is not null),
            property =>
                Assert.True(
                    json.ContainsKey(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)),
                    $"{change.GetType().Name}.{property.Name}"
                )
        );
}
