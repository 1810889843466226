using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MilestoneWatch.Web;
using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Tests.Web;

/// <summary>The pages over real HTTP, filled from <see cref="Sample"/>; no database.</summary>
public sealed class ServedPages : IAsyncLifetime
{
    private WebApplication app = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRazorComponents();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        app = builder.Build();
        app.MapBoard(
            (query, _) => Task.FromResult(query.At is { } at ? Sample.Board with { AsOf = at.InUtc().Date } : Sample.Board),
            (slug, _, _) => Task.FromResult(Find(slug))
        );
        app.MapNotFoundPage();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private static MilestoneView? Find(string slug)
    {
        if (slug.Equals(Sample.LesUlis.Slug, StringComparison.Ordinal))
        {
            return Sample.LesUlisPage;
        }
        if (slug.Equals(Hostile.Row.Slug, StringComparison.Ordinal))
        {
            return Hostile.Page;
        }
        var row = Sample.Board.Rows.FirstOrDefault(row => row.Slug.Equals(slug, StringComparison.Ordinal));
        return row is null ? null : Sample.PageOf(row);
    }
}
