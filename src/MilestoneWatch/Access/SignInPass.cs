using MilestoneWatch.Checks;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>Answers, by mail alone, who asked to sign in: a link to whoever is an analyst, and nothing to anybody else.</summary>
internal sealed partial class SignInPass(Installation mw, ILogger<SignInPass> log)
{
    private const int Batch = 100;

    /// <summary>One batch of requests. Returns whether there was work.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await SignInStore.CleanAsync(connection, now, ct);
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
        if (await SignInStore.ClaimAsync(connection, ct) is not { } request)
        {
            return false;
        }
        try
        {
            await AnswerAsync(connection, links, request, now, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // whoever waits asks again; kept, it would stand in the way of all others
            NotAnswered(log, request.Id, e.GetBaseException().Message);
            await transaction.RollbackAsync(ct);
            await SignInStore.DeleteAsync(connection, request.Id, ct);
            return true;
        }
        await SignInStore.DeleteAsync(connection, request.Id, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task AnswerAsync(NpgsqlConnection connection, Links links, SignInRequest request, Instant now, CancellationToken ct)
    {
        if (
            request.AskedAt + SigningIn.LinkLife <= now
            || Roster.Holder(await AnalystStore.AllAsync(connection, ct), request.Email) is not { } analyst
            || !await SignInLimits.MayMailAsync(connection, links, analyst.Id, now, ct)
        )
        {
            return;
        }
        await DeliveryStore.EnsureSlotAsync(connection, now, ct);
        var link = await SigningIn.NewLinkAsync(connection, mw.Settings.Site, analyst, request.Browser, request.ToPath, now, ct);
        var letter = await SignInLetter.WriteAsync(mw.Renderer, analyst, link, now);
        await letter.AddAsync(connection, mw.Settings.Mail, now, ct);
        await DeliveryStore.RingAsync(connection, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Signing in: request {Request} is dropped, it cannot be answered: {Reason}")]
    private static partial void NotAnswered(ILogger logger, long request, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Signing in: {Requests} requests answered")]
    private static partial void Answered(ILogger logger, int requests);
}
