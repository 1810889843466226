using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Views;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>Reads how promises and forecasts held, now or as it was known then.</summary>
internal sealed class RecordReader(NpgsqlDataSource database, IClock clock)
{
    // all that the curves that stand are told from
    private static readonly EntryKind[] Forecasting = [EntryKind.Forecast, EntryKind.Retracted];

    public async Task<RecordView> ReadAsync(Instant? asOf, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var at = asOf ?? clock.GetCurrentInstant();
        var position = asOf is null ? await LedgerReader.HeadAsync(connection, ct) : await LedgerReader.PositionAtAsync(connection, at, ct);
        var milestones = await LedgerReader.MilestonesAsync(connection, position, ct);
        var histories = await LedgerReader.HistoryAsync(connection, [.. milestones.Select(m => m.Id)], position, ct, Forecasting);
        var firsts = await LedgerReader.AtAsync(connection, [.. milestones.Select(m => m.State.FirstWindowPosition).OfType<long>()], ct);
        return new RecordView(
            at.InUtc().Date,
            asOf?.InUtc().Date,
            [
                .. milestones
                    .GroupBy(m => m.SubjectId)
                    .Select(own => Promiser([.. own], firsts, at))
                    .Where(promiser => promiser.Record.Promises.Count > 0),
            ],
            Calibration.Of(milestones.Select(m => Scores.Of(RecordedCurve.Of([.. histories[m.Id]]), m.State, m.Zone, at)))
        );
    }

    private static PromiserRow Promiser(IReadOnlyList<Milestone> own, IReadOnlyDictionary<long, Entry> firsts, Instant at) =>
        new(
            own[0].SubjectName,
            TrackRecord.Of(own, at),
            own.Where(m => m.State.FirstWindow is not null)
                .ToDictionary(
                    m => m.Id,
                    // redacted words: the reading is still known
                    m =>
                        firsts.GetValueOrDefault(m.State.FirstWindowPosition!.Value)?.Body?.Change.PromiseSet()?.Phrase
                        ?? WindowPhrase.Print(m.State.FirstWindow!)
                )
        );
}
