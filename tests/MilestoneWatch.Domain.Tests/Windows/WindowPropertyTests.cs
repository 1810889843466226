using CsCheck;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Windows;

public sealed class WindowPropertyTests
{
    private static readonly string[] Words =
    [
        "by",
        "before",
        "after",
        "from",
        "between",
        "and",
        "to",
        "until",
        "within",
        "no later than",
        "not before",
        "NET",
        "around",
        "~",
        "early",
        "mid",
        "late",
        "end of",
        "start of",
        "the",
        "of",
        "in",
        "next",
        "this",
        "later this",
        "year",
        "quarter",
        "half",
        "week",
        "month",
        "months",
        "years",
        "days",
        "Q",
        "H",
        "W",
        "Q1",
        "Q3",
        "Q4",
        "Q5",
        "H1",
        "H2",
        "3Q",
        "2H",
        "FY",
        "FY27",
        "fiscal",
        "first",
        "third",
        "last",
        "spring",
        "summer",
        "winter",
        "January",
        "February",
        "Sept",
        "Dec",
        "May",
        "2026",
        "2027",
        "1583",
        "9998",
        "1582",
        "9999",
        "26",
        "'27",
        "1",
        "2",
        "13",
        "15",
        "29",
        "31",
        "38",
        "53",
        "99",
        "20260915",
        "2026-09",
        "2026-12-31",
        "-",
        "–",
        "/",
        "(",
        ")",
        "(or",
        "(approx.)",
        ".",
        ",",
        "expected",
        "TBD",
        "Friday",
        "Monday,",
        "Christmas",
        "the new year",
        "YE",
        "CY",
        "calendar",
        "decade",
        "s",
        "2030s",
        "&",
        "or",
        "as early as",
        "as soon as",
        "at the latest",
        "at the earliest",
        "delayed until",
        "pushed back to",
        "later in",
        "later than",
        "week commencing",
        "first half of",
        "second week of",
        "latter part of",
        "2:57 p.m.",
        "FY2026-27",
        "not until",
        "no date",
        "close",
        "won't",
        "“",
        "to be announced",
        "soonish",
        "Setpember",
        "\u0000",
        "\ud800",
        "🚀",
        "a",
    ];

    private static readonly Gen<string> Phrases = Gen.OneOf(
        Gen.OneOf(Words).Array[0, 9].Select(Gen.OneOf(" ", "", "-"), (words, gap) => string.Join(gap, words)),
        Gen.OneOf(Words).Array[1, 5].Select(words => string.Join(' ', words)),
        Gen.Char.Array[0, 30].Select(c => new string(c)),
        Gen.Char[' ', '~'].Array[0, 30].Select(c => new string(c)),
        Gen.OneOf(Words).Array[40, 90].Select(words => string.Join(' ', words))
    );

    private static readonly Gen<LocalDate> Days = Gen.Frequency(
        (8, Gen.Int[2020, 2032].SelectMany(DayOf)),
        (1, Gen.Int[-9998, 9999].SelectMany(DayOf)),
        (1, Gen.OneOf(LocalDate.MinIsoValue, LocalDate.MaxIsoValue, new LocalDate(1583, 1, 1), new LocalDate(9998, 12, 31)))
    );

    private static readonly Gen<int?> FiscalYearStarts = Gen.Int[0, 12].Select(m => m == 0 ? (int?)null : m);

    private static Gen<LocalDate> DayOf(int year) =>
        Gen.Int[1, 12]
            .SelectMany(month => Gen.Int[1, CalendarSystem.Iso.GetDaysInMonth(year, month)].Select(day => new LocalDate(year, month, day)));

    [Fact]
    public void No_phrase_throws_and_every_refusal_points_into_it_and_names_a_phrase_that_is_read() =>
        Gen.Select(Phrases, Days, FiscalYearStarts)
            .Sample(
                (phrase, on, starts) =>
                {
                    if (PhraseReader.TryRead(phrase, on, starts, out _, out var error))
                    {
                        return;
                    }

                    Assert.InRange(error.Position, 0, Math.Max(0, phrase.Length - 1));
                    Assert.NotEmpty(error.Message);
                    Assert.True(PhraseReader.TryRead(error.Nearest, on, starts, out _, out _), error.Nearest);
                },
                iter: 50_000
            );

    [Fact]
    public void A_window_read_is_in_order_and_prints_to_a_phrase_with_the_same_bounds() =>
        Gen.Select(Phrases, Days, FiscalYearStarts)
            .Sample(
                (phrase, on, starts) =>
                {
                    if (PhraseReader.TryRead(phrase, on, starts, out var window, out _))
                    {
                        Assert.True(InOrder(window.Earliest, window.Latest));
                        Assert.True(window.Alternative is not { } other || InOrder(other.Earliest, other.Latest));
                        PrintsBack(window);
                        _ = Edtf.Of(window);
                    }
                },
                iter: 50_000
            );

    [Fact]
    public void Any_window_in_order_prints_to_a_phrase_with_the_same_bounds()
    {
        var day = Gen.Int[1583, 9995].SelectMany(DayOf);
        var length = Gen.OneOf(Gen.Int[0, 100], Gen.Int[0, 1000]);
        var bounds = Gen.Select(day, length, Gen.Int[0, 3], Gen.Bool)
            .Select(
                (first, days, open, aligned) =>
                {
                    var start = aligned ? first.With(DateAdjusters.StartOfMonth) : first;
                    var end = start.PlusDays(days);
                    var last = aligned ? end.With(DateAdjusters.EndOfMonth) : end;
                    return new Bounds(open is 1 or 3 ? null : start, open is 2 or 3 ? null : last);
                }
            );
        Gen.Select(bounds, bounds, Gen.Bool, Gen.Bool, Gen.Enum<Precision>())
            .Select((b, other, ambiguous, about, precision) => new Window(b.Earliest, b.Latest, precision, about, ambiguous ? other : null))
            .Sample(PrintsBack, iter: 50_000);
    }

    private static void PrintsBack(Window window)
    {
        var back = Read.Phrase(WindowPhrase.Print(window), new LocalDate(2000, 1, 1));
        Assert.Equal(
            (window.Earliest, window.Latest, window.Approximate, window.Alternative),
            (back.Earliest, back.Latest, back.Approximate, back.Alternative)
        );
    }

    private static bool InOrder(LocalDate? earliest, LocalDate? latest) =>
        earliest is not { } first || latest is not { } last || first <= last;
}
