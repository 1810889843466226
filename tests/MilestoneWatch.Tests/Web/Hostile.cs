using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Tests.Web;

/// <summary>A milestone whose every text tries to be markup.</summary>
internal static class Hostile
{
    private const string Bad = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>";

    public static MilestoneRow Row { get; } =
        Sample.LesUlis with
        {
            Slug = "hostile",
            Title = Bad,
            Name = Bad,
            Attention = Bad,
            Promise = Sample.Q4 with { Phrase = Bad, Publisher = Bad },
            Earlier = [Sample.Q3 with { Phrase = Bad }],
            Progress = new(1, 2, Bad),
            Tally = new([Bad], [Bad]),
            LastChange = new(Sample.Today, Bad),
        };

    public static MilestoneView Page { get; } =
        Sample.PageOf(Row) with
        {
            SubjectName = Bad,
            Standing = Bad,
            Detail = Bad,
            CountsWhen = Bad,
            Conflict = Bad,
            Readings = [new(Bad, Bad, Bad, true)],
            Story = [new(Sample.Today, Bad, Bad, Bad, new(Bad, true), Retracted: true, RetractedBecause: Bad)],
            Sources = [new(1, Bad, Bad, "javascript:alert(1)", Standing: Bad), new(2, Bad, Url: "data:text/html,x")],
            NextDates = [new(Sample.Today, Bad)],
            Context = [new(null, Bad)],
            BearsOn = [new(Bad, Bad, Row.Status)],
        };
}
