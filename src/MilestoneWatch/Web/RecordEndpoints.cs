using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>The record's address.</summary>
internal static class RecordEndpoints
{
    public static void MapRecord(
        this IEndpointRouteBuilder routes,
        Func<Instant?, CancellationToken, Task<RecordView>> read,
        PageShelf shelf
    ) =>
        routes
            .MapGet(
                "/record",
                async Task<RazorComponentResult> ([FromQuery(Name = "asOf")] string? asked, CancellationToken cancellation) =>
                    AsOfQuery.TryRead(asked, out var asOf)
                        ? Endpoints.Page<RecordPage>(new { View = await read(asOf, cancellation), AsOf = asOf is null ? null : asked })
                        : Endpoints.NotADate()
            )
            .AddEndpointFilter(Endpoints.Guard)
            .AddEndpointFilter(shelf.ServeAsync);
}
