using MilestoneWatch.Hosting;
using MilestoneWatch.Web;

namespace MilestoneWatch.Api;

/// <summary>The addresses of the API's read half, public and read only, and of the page that tells them.</summary>
internal static class ApiEndpoints
{
    public const string Root = "/api/v1";
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapApi(this IEndpointRouteBuilder routes, Installation mw)
    {
        var api = routes.MapGroup(Root).AddEndpointFilter(Endpoints.Guard).AddEndpointFilter(ApiAnswer.GuardAsync);
        api.MapRead("/milestones", (HttpContext http, CancellationToken ct) => MilestoneAnswers.PageAsync(mw, http, ct));
        api.MapRead(
            "/milestones/{slug}",
            (HttpContext http, string slug, CancellationToken ct) => MilestoneAnswers.OneAsync(mw, http, slug, ct)
        );
        api.MapRead(
            "/milestones/{slug}/history",
            (HttpContext http, string slug, CancellationToken ct) => MilestoneAnswers.HistoryAsync(mw, http, slug, ct)
        );
        api.MapRead("/subjects", (HttpContext http, CancellationToken ct) => MilestoneAnswers.SubjectsAsync(mw, http, ct));
        api.MapRead("/windows/parse", (HttpContext http) => WindowAnswers.Parse(mw, http));
        api.MapRead("/openapi.json", (HttpContext http) => new Asked(http.Request).Problem ?? ApiAnswer.Of(http, ApiDocument.Content));
        routes
            .MapGet(
                "/api",
                () =>
                    Endpoints.Page<ReferencePage>(
                        new { Reference = ApiReference.Read(ApiDocument.Content), Site = mw.Settings.Site.LinkTo("") }
                    )
            )
            .AddEndpointFilter(Endpoints.Guard);
        api.Map("/{**rest}", (HttpContext http) => ApiProblem.NoSuchAddress(http.Request.Path.Value ?? ""));
    }

    private static void MapRead(this RouteGroupBuilder api, string pattern, Delegate answer)
    {
        api.MapMethods(pattern, Reading, answer);
        api.Map(pattern, (HttpContext http) => ApiProblem.WrongMethod(http.Request.Method));
    }
}
