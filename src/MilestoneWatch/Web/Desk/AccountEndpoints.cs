using System.Globalization;
using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Web.Desk;

/// <summary>An analyst's own page: where they are signed in, and what programs speak for them; each can be ended.</summary>
internal static class AccountEndpoints
{
    private const string Address = "/desk/account";

    public static void MapAccount(this IEndpointRouteBuilder routes, Installation mw)
    {
        var account = routes.MapGroup(Address).AddEndpointFilter(DeskGate.Filter(mw, Role.Analyst)).DisableAntiforgery();
        account.MapGet("", (HttpContext http, CancellationToken ct) => PageAsync(mw, http, TokenForm.Fresh, null, ct));
        account.MapPost(
            "/sessions/end",
            async (HttpContext http, CancellationToken ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await SessionStore.EndAsync(connection, await NumberAsync(http, ct), DeskGate.Of(http).UserId, ct);
                return DeskGate.SeeOther(http, Address);
            }
        );
        account.MapPost(
            "/sessions/end-others",
            async (HttpContext http, CancellationToken ct) =>
            {
                var session = DeskGate.Of(http);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await SessionStore.EndOthersAsync(connection, session.UserId, session.Id, ct);
                return DeskGate.SeeOther(http, Address);
            }
        );
        account.MapPost(
            "/tokens/revoke",
            async (HttpContext http, CancellationToken ct) =>
            {
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await ApiTokenStore.RevokeAsync(connection, await NumberAsync(http, ct), DeskGate.Of(http).UserId, now, ct);
                return DeskGate.SeeOther(http, Address);
            }
        );
        account.MapPost("/tokens", (HttpContext http, CancellationToken ct) => MakeTokenAsync(mw, http, ct));
    }

    private static async Task<IResult> MakeTokenAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        var form = TokenForm.Read((await DeskForm.ReadAsync(http.Request, ct))!);
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        try
        {
            var days =
                form.Days.Length == 0 ? (int?)null
                : int.TryParse(form.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : 0;
            string[] scopes = [.. form.Record ? ["record"] : Array.Empty<string>(), .. form.Readers ? ["readers"] : Array.Empty<string>()];
            var token = new TokenAsked(form.Name, scopes, days).Read(session.Role, now);
            await using var connection = await mw.Database.OpenConnectionAsync(ct);
            var (secret, _) = await ApiTokenStore.AddAsync(connection, session.UserId, token.Name, token.Scopes, now, token.ExpiresAt, ct);
            return Endpoints.Page<TokenPage>(
                new
                {
                    Session = session,
                    Stamp = DeskGate.Stamp(http),
                    token.Name,
                    Secret = secret,
                    Example = $"curl -H \"Authorization: Bearer {secret}\" {mw.Settings.Site.LinkTo("/api/v1/milestones")}",
                }
            );
        }
        catch (RefusedException e)
        {
            return await PageAsync(mw, http, form, e.Message, ct);
        }
    }

    private static async Task<IResult> PageAsync(Installation mw, HttpContext http, TokenForm form, string? refused, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var page = Endpoints.Page<AccountPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Sessions = await SessionStore.OfAsync(connection, session.UserId, now, ct),
                Tokens = await ApiTokenStore.OfAsync(connection, session.UserId, ct),
                Form = form,
                Refused = refused,
                Now = now,
            }
        );
        page.StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    // behind the gate the form is one of ours; what names nothing ends nothing
    private static async Task<long> NumberAsync(HttpContext http, CancellationToken ct) =>
        await DeskForm.ReadAsync(http.Request, ct) is { } form
        && long.TryParse(form["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : 0;
}
