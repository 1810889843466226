using MilestoneWatch.Hosting;

namespace MilestoneWatch.Web;

/// <summary>What the web role adds and maps.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services) => services.AddRazorComponents();

    public static void MapPages(this WebApplication app, Installation mw)
    {
        app.MapGet("/health/live", () => Results.Text("alive"));
        _ = mw;
    }
}
