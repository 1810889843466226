using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using MilestoneWatch.Hosting;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>
/// Public pages as they were rendered, kept while nothing was recorded since; every replica has its own. What a page says follows
/// from its address, from what is on record, and from the time only by the days that have begun somewhere.
/// </summary>
internal sealed class PageShelf(NpgsqlDataSource database, IClock clock, SiteOptions site)
{
    /// <summary>Pages kept; a page takes some ten kilobytes.</summary>
    public const int Most = 500;

    // each is one look at the end of an index
    private const string OnRecord = """
        select concat_ws(' ', (select max(position) from entries), (select max(id) from context_items), (select max(id) from subjects))
        """;

    private const string ContentType = "text/html; charset=utf-8";

    // every zone's midnight is at a quarter past something
    private static readonly Duration Quarter = Duration.FromMinutes(15);
    private static readonly string Version = typeof(PageShelf).Module.ModuleVersionId.ToString();

    // who asks for what another is having made waits for it; by address, so that others need not
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];
    private volatile Pages _pages = new("");

    /// <summary>An endpoint filter: answers from the shelf, or has the page made and keeps it. Only pages that are there are kept.</summary>
    public async ValueTask<object?> ServeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var ct = http.RequestAborted;
        var pages = await PagesAsync(ct);
        var address = $"{http.Request.Path}{http.Request.QueryString}";
        var tag = $"W/\"{Tag($"{Version} {pages.Standing} {address}")}\"";
        if (http.Request.Headers.IfNoneMatch.Any(known => known?.Contains(tag, StringComparison.Ordinal) == true))
        {
            Mark(http, tag);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }
        if (pages.Kept.TryGetValue(address, out var kept))
        {
            return Answer(http, tag, kept);
        }
        var gate = _gates[(StringComparer.Ordinal.GetHashCode(address) & int.MaxValue) % _gates.Length];
        await gate.WaitAsync(ct);
        try
        {
            if (pages.Kept.TryGetValue(address, out kept))
            {
                return Answer(http, tag, kept);
            }
            var answer = await next(context);
            if (answer is not RazorComponentResult { StatusCode: null or StatusCodes.Status200OK } page)
            {
                return answer;
            }
            kept = await RenderAsync(http, page);
            pages.Keep(address, kept);
            return Answer(http, tag, kept);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The shelf for what is on record now; an empty one where that has changed.</summary>
    private async Task<Pages> PagesAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var onRecord = await connection.ExecuteScalarAsync<string>(new CommandDefinition(OnRecord, cancellationToken: ct));
        var quarter = (clock.GetCurrentInstant() - NodaConstants.UnixEpoch) / Quarter;
        var standing = string.Create(CultureInfo.InvariantCulture, $"{onRecord} {Math.Floor(quarter)}");
        var pages = _pages;
        return pages.Standing == standing ? pages : _pages = new Pages(standing);
    }

    private static async Task<ZippedBody> RenderAsync(HttpContext http, RazorComponentResult page)
    {
        var services = http.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(page.Parameters.ToDictionary(StringComparer.Ordinal));
            var rendered = await renderer.RenderComponentAsync(page.ComponentType, parameters);
            return ZippedBody.Of(body =>
            {
                using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                rendered.WriteHtmlTo(writer);
            });
        });
    }

    private IResult Answer(HttpContext http, string tag, ZippedBody page)
    {
        Mark(http, tag);
        return page.Answer(http, ContentType);
    }

    // kept by browsers too, but never shown without asking whether it still holds
    private void Mark(HttpContext http, string tag)
    {
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        // however it was narrowed or turned back, it is to be found once
        http.Response.Headers.Link = $"<{site.LinkTo(http.Request.Path.ToUriComponent())}>; rel=\"canonical\"";
    }

    private static string Tag(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20];

    /// <summary>The pages made while one thing was on record.</summary>
    private sealed class Pages(string standing)
    {
        public string Standing => standing;

        public ConcurrentDictionary<string, ZippedBody> Kept { get; } = new(StringComparer.Ordinal);

        public void Keep(string address, ZippedBody page)
        {
            // whoever asks for ever new addresses costs the others a page each, and no memory
            if (Kept.Count >= Most)
            {
                Kept.Clear();
            }
            Kept[address] = page;
        }
    }
}
