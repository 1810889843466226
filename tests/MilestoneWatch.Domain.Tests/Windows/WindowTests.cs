using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Domain.Tests.Windows;

public sealed class WindowTests
{
    [Theory]
    [InlineData("Q3 2026", "Europe/Paris", "2026-09-30T22:00:00Z")]
    [InlineData("2026-03-28", "Asia/Beirut", "2026-03-28T22:00:00Z")] // midnight is skipped: the day starts at 01:00
    [InlineData("2006-10-28", "America/St_Johns", "2006-10-29T03:30:00Z")] // clocks fall back over midnight: the second one
    [InlineData("2026-10-31", "America/Havana", "2026-11-01T04:00:00Z")] // clocks fall back to midnight: the first one
    [InlineData("2011-12-29", "Pacific/Apia", "2011-12-30T10:00:00Z")] // the whole next day is skipped
    public void A_window_is_passed_when_the_day_after_it_starts(string phrase, string zone, string instant) =>
        Assert.Equal(InstantPattern.ExtendedIso.Parse(instant).Value, Read.Phrase(phrase).PassedAt(DateTimeZoneProviders.Tzdb[zone]));

    [Theory]
    [InlineData("NET September 2026")]
    [InlineData("TBD")]
    public void An_open_window_never_passes(string phrase) => Assert.Null(Read.Phrase(phrase).PassedAt(DateTimeZone.Utc));

    [Fact]
    public void Lateness_is_judged_on_the_printed_reading_not_on_the_alternative() =>
        Assert.Equal(Instant.FromUtc(2028, 1, 1, 0, 0), Read.Phrase("by 2027").PassedAt(DateTimeZone.Utc));

    [Fact]
    public void A_slip_is_the_move_of_the_latest_day() =>
        Assert.Equal(92, Window.SlipInDays(Read.Phrase("Q3 2026"), Read.Phrase("Q4 2026")));

    [Fact]
    public void To_or_from_an_open_window_there_is_no_slip() => Assert.Null(Window.SlipInDays(Read.Phrase("Q3 2026"), Read.Phrase("TBD")));
}
