using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Web;

namespace MilestoneWatch.Api;

/// <summary>The addresses of the API, reading and writing, and of the page that tells them.</summary>
internal static class ApiEndpoints
{
    public const string Root = "/api/v1";
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Writing = [HttpMethods.Post];

    public static void MapApi(this IEndpointRouteBuilder routes, Installation mw)
    {
        var api = routes.MapGroup(Root).AddEndpointFilter(Endpoints.Guard).AddEndpointFilter(ApiGate.Filter(mw)).DisableAntiforgery();
        api.MapAddress(
            "/milestones",
            (HttpContext http, CancellationToken ct) => MilestoneAnswers.PageAsync(mw, http, ct),
            (HttpContext http, CancellationToken ct) => ChangeAnswers.AddAsync(mw, http, ct)
        );
        api.MapAddress(
            "/milestones/{slug}",
            (HttpContext http, string slug, CancellationToken ct) => MilestoneAnswers.OneAsync(mw, http, slug, ct)
        );
        api.MapAddress(
            "/milestones/{slug}/history",
            (HttpContext http, string slug, CancellationToken ct) => MilestoneAnswers.HistoryAsync(mw, http, slug, ct)
        );
        api.MapAddress(
            "/milestones/{slug}/entries",
            read: null,
            (HttpContext http, string slug, CancellationToken ct) => ChangeAnswers.RecordAsync(mw, http, slug, ct)
        );
        api.MapAddress(
            "/entries/{position}/retraction",
            read: null,
            (HttpContext http, string position, CancellationToken ct) => ChangeAnswers.RetractAsync(mw, http, position, ct)
        );
        api.MapAddress("/subjects", (HttpContext http, CancellationToken ct) => MilestoneAnswers.SubjectsAsync(mw, http, ct));
        api.MapAddress("/windows/parse", (HttpContext http) => WindowAnswers.Parse(mw, http));
        api.MapAddress(
            "/attention",
            (HttpContext http, CancellationToken ct) => DeskAnswers.AttentionAsync(mw, http, ct),
            needs: Scope.Record
        );
        api.MapAddress("/audit", (HttpContext http, CancellationToken ct) => DeskAnswers.AuditAsync(mw, http, ct), needs: Scope.Record);
        api.MapAddress("/readers", (HttpContext http, CancellationToken ct) => ReaderAnswers.PageAsync(mw, http, ct), needs: Scope.Readers);
        api.MapAddress(
            "/readers/{id}",
            (HttpContext http, string id, CancellationToken ct) => ReaderAnswers.OneAsync(mw, http, id, ct),
            needs: Scope.Readers
        );
        api.MapAddress("/openapi.json", (HttpContext http) => new Asked(http.Request).Problem ?? ApiAnswer.Of(http, ApiDocument.Content));
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

    /// <param name="api">Where it is mapped.</param>
    /// <param name="pattern">The address.</param>
    /// <param name="read">Answers GET and HEAD; null where it is only written to.</param>
    /// <param name="write">Answers POST, for tokens that may record; null where it is only read.</param>
    /// <param name="needs">The scope that reading takes; null where anyone may.</param>
    private static void MapAddress(this RouteGroupBuilder api, string pattern, Delegate? read, Delegate? write = null, Scope? needs = null)
    {
        if (read is not null)
        {
            var endpoint = api.MapMethods(pattern, Reading, read);
            if (needs is { } scope)
            {
                endpoint.AddEndpointFilter(ApiGate.Needs(scope));
            }
        }
        if (write is not null)
        {
            api.MapMethods(pattern, Writing, write).AddEndpointFilter(ApiGate.Needs(Scope.Record));
        }
        var allowed = string.Join(", ", [.. read is null ? [] : Reading, .. write is null ? [] : Writing]);
        api.Map(pattern, (HttpContext http) => ApiProblem.WrongMethod(http.Request.Method, allowed));
    }
}
