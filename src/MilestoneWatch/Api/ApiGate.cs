using System.Globalization;
using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>
/// What stands before every address of the API: whose token it is, how often they ask, and what is answered while the database is away.
/// </summary>
internal static partial class ApiGate
{
    private const string Scheme = "Bearer ";

    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Filter(Installation mw)
    {
        var log = mw.Loggers.CreateLogger("MilestoneWatch.Api");
        return async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-cache";
            try
            {
                return await EnterAsync(mw, http, http.RequestAborted) ?? await next(context);
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                DatabaseAway(
                    log,
                    http.Request.Method,
                    (context.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
                    e.Message
                );
                return ApiProblem.DatabaseDown();
            }
        };
    }

    /// <summary>Lets through whoever carries a token with a scope; what only they may see is kept in no cache.</summary>
    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Needs(Scope scope) =>
        (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            return http.Features.Get<ApiToken>() is not { } token ? ValueTask.FromResult<object?>(ApiProblem.NoToken())
                : !token.Scopes.Contains(scope) ? ValueTask.FromResult<object?>(ApiProblem.WrongScope(scope))
                : scope == Scope.Readers && token.Role != Role.Admin ? ValueTask.FromResult<object?>(ApiProblem.NoAdmin())
                : next(context);
        };

    public static ApiToken TokenOf(HttpContext http) => http.Features.Get<ApiToken>()!;

    private static async Task<ApiProblem?> EnterAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var now = mw.Clock.GetCurrentInstant();
        var given = http.Request.Headers.Authorization.ToString();
        var secret = given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? given[Scheme.Length..].Trim() : null;
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var token = secret is null ? null : await ApiTokenStore.UseAsync(connection, secret, now, ct);
        var (most, taken) = await ApiLimits.CountAsync(connection, token, reads, ClientNetwork.Of(http, mw.Settings.Site), now, ct);
        var headers = http.Response.Headers;
        headers["RateLimit-Limit"] = most.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = taken.Left.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = JoinLimits.Seconds(taken.Until);
        if (!taken.Given)
        {
            return ApiProblem.TooMany(most, JoinLimits.Seconds(taken.Until), token is null);
        }
        http.Features.Set(token);
        return secret is not null && token is null ? ApiProblem.DeadToken() : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Address} was answered 503, the database is away: {Reason}")]
    private static partial void DatabaseAway(ILogger log, string method, string? address, string reason);
}
