using MilestoneWatch.Checks;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>How an analyst signs in: through a link that works once, for ten minutes, in the browser that asked.</summary>
internal static class SigningIn
{
    public static readonly Duration LinkLife = Duration.FromMinutes(10);

    // what no secret of ours is as long as is not even hashed
    private const int Longest = 100;

    /// <summary>
    /// Takes a request at the door. It does the same for every address: counts, and puts the request where <see cref="SignInPass"/> finds
    /// it, so that neither the answer nor its time tells who is an analyst. Null when it was taken, else how long to wait.
    /// </summary>
    /// <param name="mw">The installation.</param>
    /// <param name="email">An address as <see cref="Mail.Mailbox"/> read it.</param>
    /// <param name="browser">The secret that the asking browser was given.</param>
    /// <param name="to">The page to go on to, as <see cref="LocalPath"/> read it.</param>
    /// <param name="network">Where the request comes from.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<Duration?> RequestAsync(
        Installation mw,
        string email,
        string browser,
        string? to,
        string network,
        CancellationToken ct
    )
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var links = await Links.LoadAsync(connection, now, ct);
        if (await SignInLimits.AtTheDoorAsync(connection, links, network, now, ct) is { } wait)
        {
            return wait;
        }
        await SignInStore.AddAsync(connection, email, Secret.Hash(browser), to, now, ct);
        await DeliveryStore.RingAsync(connection, ct);
        return null;
    }

    /// <summary>A new link's address.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="site">Where the pages are reached.</param>
    /// <param name="analyst">Whom it signs in.</param>
    /// <param name="browser">The hash of the secret of the browser that it works in; null for any.</param>
    /// <param name="to">The page to go on to.</param>
    /// <param name="now">When it is made; it works for <see cref="LinkLife"/>.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<string> NewLinkAsync(
        NpgsqlConnection connection,
        SiteOptions site,
        Analyst analyst,
        byte[]? browser,
        string? to,
        Instant now,
        CancellationToken ct
    ) => site.LinkTo($"/sign-in/{await SignInStore.AddTokenAsync(connection, analyst.Id, browser, to, now, now + LinkLife, ct)}");

    /// <summary>What a link would open; null for one that is unknown, used or expired. Changes nothing.</summary>
    public static async Task<SignInLink?> FindAsync(Installation mw, string token, CancellationToken ct)
    {
        if (token.Length > Longest)
        {
            return null;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SignInStore.FindAsync(connection, Secret.Hash(token), Ledger.Micros(mw.Clock.GetCurrentInstant()), ct);
    }

    /// <summary>
    /// Signs in: the new session's secret, and the page to go on to. Null, with nothing changed, for a link that is unknown, used or
    /// expired, or that is another browser's.
    /// </summary>
    /// <param name="mw">The installation.</param>
    /// <param name="token">The link's secret.</param>
    /// <param name="browser">The browser's own secret; null where it has none.</param>
    /// <param name="calls">What the browser calls itself, for the list of sessions.</param>
    /// <param name="before">The secret of the session that the browser had, which ends.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<(string Secret, string? ToPath)?> RedeemAsync(
        Installation mw,
        string token,
        string? browser,
        string calls,
        string? before,
        CancellationToken ct
    )
    {
        if (token.Length > Longest)
        {
            return null;
        }
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var mine = browser is null ? null : Secret.Hash(browser);
        if (await SignInStore.RedeemAsync(connection, Secret.Hash(token), mine, now, ct) is not var (user, to))
        {
            return null;
        }
        if (before is not null)
        {
            await SessionStore.EndAsync(connection, before, ct);
        }
        var secret = await SessionStore.BeginAsync(connection, user, calls, now, ct);
        await transaction.CommitAsync(ct);
        return (secret, to);
    }
}
