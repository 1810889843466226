using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>
/// Answers, by mail alone, what was asked for at the door: a link that confirms to whoever is new, was asked before or has left; the
/// link to their settings to whoever reads already; and nothing to whoever was written to today.
/// </summary>
internal sealed partial class JoinPass(Installation mw, ILogger<JoinPass> log)
{
    private const int Batch = 100;

    /// <summary>How long a request may wait for its turn.</summary>
    private static readonly Duration Life = Duration.FromDays(1);
    private static readonly Duration Postponed = Duration.FromMinutes(10);

    /// <summary>One batch of requests. Returns whether there was work.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await LimitStore.CleanAsync(connection, now, ct);
        foreach (var id in await JoinStore.UnconfirmedAsync(connection, now, ct))
        {
            await ReaderData.EraseAsync(connection, id, ct);
        }
        var answered = 0;
        while (answered < Batch && await AnswerOneAsync(connection, now, ct))
        {
            answered++;
        }
        if (answered > 0)
        {
            Answered(log, answered);
        }
        return answered > 0;
    }

    private async Task<bool> AnswerOneAsync(NpgsqlConnection connection, Instant now, CancellationToken ct)
    {
        var links = await Links.LoadAsync(connection, now, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await JoinStore.ClaimAsync(connection, now, ct) is not { } waiting)
        {
            return false;
        }
        Duration? wait;
        try
        {
            wait = waiting.AskedAt + Life <= now ? null : await AnswerAsync(connection, links, waiting, now, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotAnswered(log, waiting.Id, e.GetBaseException().Message);
            wait = Postponed;
        }
        if (wait is { } turn)
        {
            await transaction.RollbackAsync(ct);
            await JoinStore.PutOffAsync(connection, waiting.Id, now + turn, ct);
            return true;
        }
        await JoinStore.DeleteAsync(connection, waiting.Id, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Null when it is answered, else how long it has to wait, with nothing done.</summary>
    private async Task<Duration?> AnswerAsync(
        NpgsqlConnection connection,
        Links links,
        WaitingRequest waiting,
        Instant now,
        CancellationToken ct
    )
    {
        if (await SuppressionStore.StandingAsync(connection, waiting.EmailKey, ct) is not null)
        {
            // whoever complained, or cannot be reached, is not asked: `mw suppression remove` is the way back
            return null;
        }
        var request = waiting.Read();
        var (topics, _) = await SubscriberStore.TopicsAsync(connection, request.Topics, ct);
        var expected = await JoinStore.ExpectAsync(connection, request, topics, now, ct);
        if (await JoinLimits.ToAddressAsync(connection, links, waiting.EmailKey, now, ct) is not null)
        {
            return null;
        }
        if (await JoinLimits.ToDomainAsync(connection, links, waiting.EmailKey, now, ct) is { } wait)
        {
            return wait;
        }
        await DeliveryStore.EnsureSlotAsync(connection, now, ct);
        if (expected is { } id)
        {
            await Joining.AskToConfirmAsync(connection, mw, (await SubscriberStore.FindAsync(connection, id, ct))!, now, ct);
        }
        else if (await SubscriberStore.FindAsync(connection, request.Email, ct) is { } reader)
        {
            var settings = mw.Settings.Site.LinkTo($"/settings/{links.TokenFor(reader)}");
            var letter = await JoinLetters.AlreadyAsync(mw.Renderer, reader, settings, now);
            await letter.AddAsync(connection, mw.Settings.Mail, now, ct);
        }
        await DeliveryStore.RingAsync(connection, ct);
        return null;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Joining: request {Request} is put off for 10 minutes, it cannot be answered: {Reason}"
    )]
    private static partial void NotAnswered(ILogger logger, long request, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Joining: {Requests} requests answered")]
    private static partial void Answered(ILogger logger, int requests);
}
