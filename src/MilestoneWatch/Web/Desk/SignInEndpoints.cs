using System.Globalization;
using System.Security.Cryptography;
using MilestoneWatch.Access;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>
/// Signing in and out. Asking for a link is answered the same, and does the same, for every address; opening a link changes nothing, since
/// mail scanners follow links: the button behind it signs in, once, in the browser that asked.
/// </summary>
internal static class SignInEndpoints
{
    /// <summary>Holds the secret of a browser that asked for a link.</summary>
    public const string BrowserCookie = "__Host-mw-browser";

    private const int SecretLength = 43;

    // a request may wait as long as the link works that answers it
    private static readonly TimeSpan BrowserLife = 2 * SigningIn.LinkLife.ToTimeSpan();

    public static void MapSignIn(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/sign-in",
            async (HttpContext http, string? to, CancellationToken ct) =>
            {
                http.Response.Headers.CacheControl = "no-store";
                return await DeskGate.FindAsync(mw, http, ct) is null
                    ? Page("", LocalPath.Read(to), null, StatusCodes.Status200OK)
                    : Results.Redirect(LocalPath.Read(to) ?? "/desk");
            }
        );
        routes.MapGet("/sign-in/{token}", (HttpContext http, string token, CancellationToken ct) => ShowAsync(mw, http, token, ct));
        var forms = routes.MapGroup("").AddEndpointFilter(SameOrigin.Filter(mw.Settings.Site)).DisableAntiforgery();
        forms.MapPost("/sign-in", (HttpContext http, CancellationToken ct) => AskAsync(mw, http, ct));
        forms.MapPost("/sign-in/{token}", (HttpContext http, string token, CancellationToken ct) => RedeemAsync(mw, http, token, ct));
        routes
            .MapPost("/sign-out", (HttpContext http, CancellationToken ct) => SignOutAsync(mw, http, ct))
            .AddEndpointFilter(DeskGate.Filter(mw, Role.Analyst))
            .DisableAntiforgery();
    }

    private static async Task<IResult> AskAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await DeskForm.ReadAsync(http.Request, ct) is not { } form)
        {
            return Endpoints.Note(StatusCodes.Status400BadRequest, "No link was asked for", DeskForm.TooMuch);
        }
        var email = form["email"].ToString().Trim();
        var to = LocalPath.Read(form["to"]);
        if (!Mailbox.TryRead(email, out var mailbox))
        {
            return Page(
                email,
                to,
                email.Length == 0
                    ? "The address is missing."
                    : "That is no address that mail can be sent to. It has to look like name@example.org.",
                StatusCodes.Status422UnprocessableEntity
            );
        }
        // a browser that asks again keeps its secret, so that the links of both mails work in it
        var browser = http.Request.Cookies[BrowserCookie] is { Length: SecretLength } known ? known : Secret.New();
        if (await SigningIn.RequestAsync(mw, mailbox.Address, browser, to, ClientNetwork.Of(http, mw.Settings.Site), ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = JoinLimits.Seconds(wait);
            return Page(email, to, $"Too many links were asked for. Try again in {Minutes(wait)}.", StatusCodes.Status429TooManyRequests);
        }
        http.Response.Cookies.Append(BrowserCookie, browser, DeskGate.CookieOptions(BrowserLife));
        return ReaderPages.Note(
            Language.English,
            StatusCodes.Status200OK,
            "Look in your mailbox",
            "If the address is one of an analyst’s, a link is on its way. It works for ten minutes, once, and in this browser. If none comes, "
                + "ask again after a minute: an address gets one mail a minute, and ten an hour.",
            (Again(to), "Ask again, or with another address")
        );
    }

    private static async Task<IResult> ShowAsync(Installation mw, HttpContext http, string token, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var link = await SigningIn.FindAsync(mw, token, ct);
        return link is null ? Gone()
            : IsHere(http, link)
                ? ReaderPages.Ask(
                    Language.English,
                    $"Sign in as {link.Analyst}",
                    "You stay signed in in this browser until you sign out, or for thirty days after you last came by.",
                    $"/sign-in/{token}",
                    "Sign in"
                )
            : Elsewhere(link);
    }

    private static async Task<IResult> RedeemAsync(Installation mw, HttpContext http, string token, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var calls = BrowserName.Of(http.Request.Headers.UserAgent.ToString());
        var before = http.Request.Cookies[DeskGate.Cookie];
        if (await SigningIn.RedeemAsync(mw, token, http.Request.Cookies[BrowserCookie], calls, before, ct) is not var (secret, to))
        {
            // used between the look and the press, or another browser's
            return await SigningIn.FindAsync(mw, token, ct) is { } link ? Elsewhere(link) : Gone();
        }
        http.Response.Cookies.Append(DeskGate.Cookie, secret, DeskGate.CookieOptions(SessionStore.Life.ToTimeSpan()));
        http.Response.Cookies.Delete(BrowserCookie, DeskGate.CookieOptions(TimeSpan.Zero));
        return DeskGate.SeeOther(http, to ?? "/desk");
    }

    private static async Task<IResult> SignOutAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            await SessionStore.EndAsync(connection, http.Request.Cookies[DeskGate.Cookie]!, ct);
        }
        http.Response.Cookies.Delete(DeskGate.Cookie, DeskGate.CookieOptions(TimeSpan.Zero));
        return ReaderPages.Note(
            Language.English,
            StatusCodes.Status200OK,
            "You are signed out",
            "In this browser, that is: your account shows where else you are signed in.",
            ("/sign-in", "Sign in again")
        );
    }

    private static bool IsHere(HttpContext http, SignInLink link) =>
        link.Browser is null
        || (
            http.Request.Cookies[BrowserCookie] is { Length: SecretLength } browser
            && CryptographicOperations.FixedTimeEquals(Secret.Hash(browser), link.Browser)
        );

    private static IResult Elsewhere(SignInLink link) =>
        ReaderPages.Note(
            Language.English,
            StatusCodes.Status403Forbidden,
            "This link belongs to another browser",
            "It works in the browser that asked for it, and still does. Open it there, or ask for one here. If it was this browser, it may "
                + "keep no cookies, or have asked at another address of this site.",
            (Again(link.ToPath), "Ask for a link here")
        );

    private static IResult Gone() =>
        ReaderPages.Note(
            Language.English,
            StatusCodes.Status404NotFound,
            "This link does not work",
            "It may have been used, be older than ten minutes, or have been cut short on its way.",
            ("/sign-in", "Ask for a new one")
        );

    private static string Again(string? to) => to is null ? "/sign-in" : $"/sign-in?to={Uri.EscapeDataString(to)}";

    private static string Minutes(Duration wait)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes));
        return minutes == 1 ? "a minute" : string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes");
    }

    private static IResult Page(string email, string? to, string? refused, int status)
    {
        var page = Endpoints.Page<SignInPage>(
            new
            {
                Email = email,
                To = to,
                Refused = refused,
            }
        );
        page.StatusCode = status;
        return page;
    }
}
