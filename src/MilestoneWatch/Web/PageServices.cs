using Microsoft.AspNetCore.DataProtection;
using MilestoneWatch.Api;
using MilestoneWatch.Hosting;
using MilestoneWatch.Web.Desk;
using MilestoneWatch.Web.Feeds;

namespace MilestoneWatch.Web;

/// <summary>What the web role adds and maps.</summary>
internal static class PageServices
{
    // what is public is for everybody; what a link in a mail leads to is for one
    private const string Robots = """
        User-agent: *
        Disallow: /confirm/
        Disallow: /leave/
        Disallow: /nudge/
        Disallow: /settings
        Disallow: /sign-in

        """;

    public static void AddPages(this IServiceCollection services, Installation mw)
    {
        services.AddRazorComponents();
        services.AddSingleton(_ => new BoardReader(mw.Database, mw.Clock));
        services.AddSingleton(_ => new PageShelf(mw.Database, mw.Clock, mw.Settings.Site));
        // our own cookies hold random secrets, so there are no keys to share between replicas
        services.AddDataProtection().UseEphemeralDataProtectionProvider().DisableAutomaticKeyGeneration();
    }

    public static void MapPages(this WebApplication app, Installation mw)
    {
        var reader = app.Services.GetRequiredService<BoardReader>();
        var shelf = app.Services.GetRequiredService<PageShelf>();
        app.MapBoard(reader.ReadBoardAsync, reader.ReadMilestoneAsync, shelf);
        app.MapRecord(new RecordReader(mw.Database, mw.Clock).ReadAsync, shelf);
        app.MapFeeds(mw);
        app.MapApi(mw);
        var personal = app.MapGroup("").AddEndpointFilter(Endpoints.Guard);
        personal.MapSubscribePage(mw);
        personal.MapSubscribersApi(mw);
        personal.MapBouncesApi(mw);
        personal.MapReaderPages(mw);
        personal.MapSignIn(mw);
        app.MapDesk(mw);
        var desk = app.MapGroup("").AddEndpointFilter(DeskGuard.Filter);
        desk.MapNudgePages(mw);
        desk.MapAccount(mw);
        app.MapGet("/robots.txt", () => Results.Text(Robots));
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapGet(
            "/health/ready",
            async (CancellationToken ct) =>
                await Readiness.TroubleAsync(mw.Database, ct) is { } trouble
                    ? Results.Text($"not ready: {trouble}", statusCode: 503)
                    : Results.Text("ready")
        );
        app.MapNotFoundPage();
    }
}
