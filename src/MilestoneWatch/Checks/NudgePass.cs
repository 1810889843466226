using System.Globalization;
using Dapper;
using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using NodaTime.Calendars;
using Npgsql;

namespace MilestoneWatch.Checks;

/// <summary>
/// Mails analysts each Monday what waits for them. One mail an ISO week, whoever runs the pass and however often; after a gap only the
/// newest week's; none when nothing waits.
/// </summary>
internal sealed partial class NudgePass(
    NpgsqlDataSource database,
    IClock clock,
    MailRenderer renderer,
    SiteOptions site,
    MailOptions mail,
    ILogger<NudgePass> log
)
{
    private const int Batch = 100;
    private const int Page = 1000;

    private const string Unsettled = """
        select id from milestones
        where id > @after and position > 0 and state ->> 'status' not in ('achieved', 'missed', 'cancelled', 'answered')
        order by id limit @page
        """;

    /// <summary>One batch of due analysts. Returns whether there was work.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(clock.GetCurrentInstant());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = await AnalystStore.ClaimDueAsync(connection, now, Batch, ct);
        if (due.Count == 0)
        {
            return false;
        }
        var waiting = await WaitingAsync(connection, now, ct);
        var links = await Links.LoadAsync(connection, now, ct);
        foreach (var analyst in due)
        {
            if (
                waiting.Count > 0
                && !(
                    Mailbox.TryRead(analyst.Email!, out var mailbox)
                    && await SuppressionStore.StandingAsync(connection, mailbox.Key, ct) is not null
                )
            )
            {
                await MailAsync(connection, analyst, waiting, links, now, ct);
            }
            await AnalystStore.NextAsync(connection, analyst.Id, analyst.Schedule.NextAfter(now), ct);
        }
        await DeliveryStore.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
        Nudged(log, due.Count, waiting.Count);
        return true;
    }

    /// <summary>What would be mailed now; null when nothing waits.</summary>
    public async Task<Nudge?> PreviewAsync(NpgsqlConnection connection, Analyst analyst, CancellationToken ct)
    {
        var now = Ledger.Micros(clock.GetCurrentInstant());
        var waiting = await WaitingAsync(connection, now, ct);
        return waiting.Count == 0
            ? null
            : Nudge.Of(waiting, now, LinksOf(analyst, await Links.LoadAsync(connection, now, ct), analyst.NewestSlot(now)));
    }

    /// <summary>Everything that waits, in the watchlist's order.</summary>
    private static async Task<IReadOnlyList<(Milestone Milestone, IReadOnlyList<Waiting> Why)>> WaitingAsync(
        NpgsqlConnection connection,
        Instant now,
        CancellationToken ct
    )
    {
        var waiting = new List<(Milestone, IReadOnlyList<Waiting>)>();
        for (var after = 0L; ; )
        {
            var ids = (
                await connection.QueryAsync<long>(new CommandDefinition(Unsettled, new { after, page = Page }, cancellationToken: ct))
            ).ToArray();
            if (ids.Length == 0)
            {
                return waiting;
            }
            var milestones = await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: ids);
            waiting.AddRange(milestones.Select(milestone => (milestone, Attention.Of(milestone, now))).Where(item => item.Item2.Count > 0));
            after = ids[^1];
        }
    }

    private async Task MailAsync(
        NpgsqlConnection connection,
        Analyst analyst,
        IReadOnlyList<(Milestone Milestone, IReadOnlyList<Waiting> Why)> waiting,
        Links links,
        Instant now,
        CancellationToken ct
    )
    {
        var slot = analyst.NewestSlot(now);
        var nudge = Nudge.Of(waiting, now, LinksOf(analyst, links, slot));
        var html = await renderer.RenderAsync<NudgeMail>(new(StringComparer.Ordinal) { [nameof(NudgeMail.View)] = nudge });
        await DeliveryStore.EnsureSlotAsync(connection, slot, ct);
        var monday = slot.InZone(analyst.Schedule.Zone).Date;
        var week = WeekYearRules.Iso;
        var letter = new Letter("nudge", nudge.Subject, nudge.Text(), html)
        {
            Recipient = $"user:{analyst.Id}",
            Address = analyst.Email!,
            Slot = slot,
            Key = string.Create(CultureInfo.InvariantCulture, $"nudge:{week.GetWeekYear(monday)}-W{week.GetWeekOfWeekYear(monday):00}"),
        };
        await letter.AddAsync(connection, mail, now, ct);
    }

    private Func<string, string, string> LinksOf(Analyst analyst, Links links, Instant slot)
    {
        var token = links.TokenFor(analyst.Id, analyst.LinkGeneration, slot.InZone(analyst.Schedule.Zone).Date);
        return (slug, action) => site.LinkTo($"/nudge/{token}/{slug}/{action}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Nudges: {Analysts} analysts due, {Waiting} milestones wait")]
    private static partial void Nudged(ILogger logger, int analysts, int waiting);
}
