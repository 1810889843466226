using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Web.Desk;

/// <summary>
/// What stands before every page of the desk: a session, or the way to sign in; and for a form, that our own page made it, for this session.
/// Nothing of the desk is cached.
/// </summary>
internal static class DeskGate
{
    public const string Cookie = "__Host-mw-session";

    /// <summary>The name of the field in which every form carries <see cref="Stamp"/>.</summary>
    public const string Field = "csrf";

    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Filter(Installation mw, Role least) =>
        async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            var ct = http.RequestAborted;
            if (await FindAsync(mw, http, ct) is not { } session)
            {
                return HttpMethods.IsGet(http.Request.Method)
                    ? Results.Redirect($"/sign-in?to={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}")
                    : Endpoints.Note(
                        StatusCodes.Status401Unauthorized,
                        "You are signed out",
                        "Nothing was changed. Go back, sign in in another tab, and send the form again: what you typed is still in it."
                    );
            }
            if (session.Role < least)
            {
                return Endpoints.Note(StatusCodes.Status403Forbidden, "For admins", "Readers' addresses are an admin's to see.");
            }
            if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
            {
                var form = await DeskForm.ReadAsync(http.Request, ct);
                if (form is null)
                {
                    return Endpoints.Note(StatusCodes.Status400BadRequest, "Nothing was recorded", DeskForm.TooMuch);
                }
                if (!SameOrigin.Allows(http.Request, mw.Settings.Site) || !IsOurs(http, form[Field].ToString()))
                {
                    return Endpoints.Note(
                        StatusCodes.Status403Forbidden,
                        "Nothing was recorded",
                        "The form did not come from this desk, or from before you signed in. Open the page again and send it from there."
                    );
                }
            }
            http.Items[typeof(Session)] = session;
            return await next(context);
        };

    /// <summary>Who is signed in; only behind the gate.</summary>
    public static Session Of(HttpContext http) => (Session)http.Items[typeof(Session)]!;

    /// <summary>What a form carries to show that a page of this session made it.</summary>
    public static string Stamp(HttpContext http) => StampOf(http.Request.Cookies[Cookie] ?? "");

    /// <summary>The session of the request's cookie, wherever it is asked for; null for nobody.</summary>
    public static async Task<Session?> FindAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 and < 100 } secret)
        {
            return null;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SessionStore.UseAsync(connection, secret, Ledger.Micros(mw.Clock.GetCurrentInstant()), ct);
    }

    /// <summary>On from a form that was sent: the page is fetched, and going back sends nothing again.</summary>
    public static IResult SeeOther(HttpContext http, string path)
    {
        http.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>As every cookie here: for this host and its pages alone, over HTTPS or on this machine, out of scripts' reach.</summary>
    public static CookieOptions CookieOptions(TimeSpan life) =>
        new()
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = life,
            IsEssential = true,
        };

    private static bool IsOurs(HttpContext http, string stamp) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(stamp), Encoding.UTF8.GetBytes(Stamp(http)));

    private static string StampOf(string secret) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "csrf"u8));
}
