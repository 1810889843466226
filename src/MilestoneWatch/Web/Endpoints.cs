using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>The pages' addresses: the board, a milestone, the assets, and a friendly page where there is nothing.</summary>
internal static class Endpoints
{
    // no script at all, nothing inline, nothing from anywhere else; connect-src is for those who look at robots.txt from the page, as Lighthouse
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IEndpointRouteBuilder MapBoard(
        this IEndpointRouteBuilder routes,
        Func<BoardQuery, CancellationToken, Task<BoardView>> readBoard,
        Func<string, Instant?, CancellationToken, Task<MilestoneView?>> readMilestone,
        PageShelf? shelf = null
    )
    {
        var pages = routes.MapGroup("").AddEndpointFilter(Guard);
        if (shelf is not null)
        {
            pages.AddEndpointFilter(shelf.ServeAsync);
        }
        pages.MapGet("/", (HttpRequest request, CancellationToken cancellation) => BoardAsync(request.Query, readBoard, cancellation));
        pages.MapGet(
            "/m/{slug}",
            async Task<RazorComponentResult> (string slug, [FromQuery(Name = "asOf")] string? asked, CancellationToken cancellation) =>
                !AsOfQuery.TryRead(asked, out var asOf) ? NotADate()
                : await readMilestone(slug, asOf, cancellation) is { } view
                    ? Page<MilestonePage>(new { View = view, AsOf = asOf is null ? null : asked })
                : NotThere()
        );
        routes.MapGet("/assets/{file}", ServeAsset);
        return routes;
    }

    /// <summary>The page for every address that nothing else answers; map it last.</summary>
    public static IEndpointRouteBuilder MapNotFoundPage(this IEndpointRouteBuilder routes)
    {
        routes.MapFallback(NotThere).AddEndpointFilter(Guard);
        return routes;
    }

    private static async Task<RazorComponentResult> BoardAsync(
        IQueryCollection asked,
        Func<BoardQuery, CancellationToken, Task<BoardView>> readBoard,
        CancellationToken cancellation
    )
    {
        if (!AsOfQuery.TryRead(asked["asOf"], out var at))
        {
            return NotADate();
        }
        if (!BoardQuery.TryRead(asked, at, out var query, out var refusal))
        {
            return NotAChoice(refusal!);
        }
        var view = await readBoard(query, cancellation);
        if (query.Filter.Subject is { } subject && view.Choices.Subjects.All(choice => choice.Slug != subject))
        {
            return NotAChoice(
                BoardWords.NoSuch("subject", subject, [.. view.Choices.Subjects.Select(choice => $"{choice.Slug} ({choice.Name})")])
            );
        }
        if (query.Filter.Topics.FirstOrDefault(slug => view.Choices.Topics.All(choice => choice.Slug != slug)) is { } unknown)
        {
            return NotAChoice(
                BoardWords.NoSuch(
                    "topic",
                    unknown,
                    [.. view.Choices.Subjects.Select(choice => $"{choice.Slug} ({choice.Name})"), "the slug of a milestone"]
                )
            );
        }
        return query.Page > view.Pages ? NoSuchPage(query, view.Pages) : Page<BoardPage>(new { View = view, Query = query });
    }

    private static IResult ServeAsset(string file, HttpContext http)
    {
        if (EmbeddedAssets.Find(file, out var current) is not { } asset)
        {
            return TypedResults.NotFound();
        }
        var response = http.Response;
        // during an upgrade a page of one version may ask a replica of another: it gets what there is, uncached
        response.Headers.CacheControl = current ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        return asset.Content.Answer(http, asset.ContentType);
    }

    internal static ValueTask<object?> Guard(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }

    internal static RazorComponentResult<NotePage> NotThere() =>
        Note(
            StatusCodes.Status404NotFound,
            "Nothing is kept here",
            "There is no page at this address. It may have been mistyped, or a milestone may have gone by another name."
        );

    internal static RazorComponentResult<NotePage> NotADate() =>
        Note(
            StatusCodes.Status400BadRequest,
            "That is not a date",
            "The day asked about has to look like 2026-10-05, or like 2026-10-05T08:00:00Z."
        );

    private static RazorComponentResult<NotePage> NotAChoice(string refusal) =>
        Note(StatusCodes.Status400BadRequest, "That cannot be chosen", refusal);

    private static RazorComponentResult<NotePage> NoSuchPage(BoardQuery query, int last)
    {
        var page = Page<NotePage>(
            new
            {
                Title = $"There is no page {query.Page}",
                Text = last == 1 ? "What was asked for fits on one page." : $"What was asked for ends on page {last}.",
                More = new List<(string, string)> { (query.Address(last), last == 1 ? "That page" : "The last page") },
            }
        );
        page.StatusCode = StatusCodes.Status404NotFound;
        return page;
    }

    internal static RazorComponentResult<NotePage> Note(int statusCode, string title, string text)
    {
        var page = Page<NotePage>(new { Title = title, Text = text });
        page.StatusCode = statusCode;
        return page;
    }

    internal static RazorComponentResult<TComponent> Page<TComponent>(object parameters)
        where TComponent : Microsoft.AspNetCore.Components.IComponent => new(parameters) { ContentType = "text/html; charset=utf-8" };
}
