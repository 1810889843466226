using System.CommandLine;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>The --as-of option: an instant, or a date, which means its end in UTC.</summary>
internal static class AsOf
{
    public static Option<string?> Option() =>
        new("--as-of")
        {
            Description = "As it was known then: an instant (2026-10-01T06:00:00Z) or a date (its end in UTC)",
            HelpName = "INSTANT|DATE",
        };

    /// <summary>The position to read at, and the instant that is asked about.</summary>
    public static async Task<(long Position, Instant At)> ResolveAsync(
        string? text,
        NpgsqlConnection connection,
        IClock clock,
        CancellationToken ct
    )
    {
        if (text is null)
        {
            return (await LedgerReader.HeadAsync(connection, ct), clock.GetCurrentInstant());
        }
        // a date may be typed in words: "2 October 2026"
        if (
            !AsOfInstant.TryRead(text, out var at)
            && !(Typed.TryDay(text, out var day) && AsOfInstant.TryRead(LocalDatePattern.Iso.Format(day), out at))
        )
        {
            throw new RefusedException(
                $"--as-of \"{text}\" is neither an instant (2026-10-01T06:00:00Z) nor a date (2026-10-01, 1 October 2026)"
            );
        }
        return (await LedgerReader.PositionAtAsync(connection, at, ct), at);
    }
}
