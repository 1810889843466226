using MilestoneWatch.Domain.Windows;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Tests;

/// <summary>Small values that tests of the record name.</summary>
internal static class Is
{
    /// <summary>How many sessions of this database wait for a lock.</summary>
    public const string Waiting = """
        select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        """;

    public static Domain.Ledger.Promise Due(string phrase) =>
        PhraseReader.TryRead(phrase, new LocalDate(2026, 5, 28), null, out var window, out _)
            ? new(phrase, window)
            : throw new ArgumentException(phrase, nameof(phrase));

    public static Instant At(string instant) => InstantPattern.ExtendedIso.Parse(instant).Value;
}
