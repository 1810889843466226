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
    /// <summary>Pages kept because they were asked for; a page takes some ten kilobytes.</summary>
    public const int Most = 500;

    /// <summary>Pages kept beside those because they will be.</summary>
    public const int MostAhead = 250;

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
        if (pages.Find(address) is { } kept)
        {
            return Answer(http, tag, kept);
        }
        var gate = _gates[(StringComparer.Ordinal.GetHashCode(address) & int.MaxValue) % _gates.Length];
        await gate.WaitAsync(ct);
        try
        {
            if (pages.Find(address) is { } made)
            {
                return Answer(http, tag, made);
            }
            var answer = await next(context);
            if (answer is not RazorComponentResult { StatusCode: null or StatusCodes.Status200OK } page)
            {
                return answer;
            }
            kept = await RenderAsync(http.RequestServices, page);
            pages.Keep(address, kept);
            return Answer(http, tag, kept);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What changes whenever a page may say something else.</summary>
    public async Task<string> StandingAsync(CancellationToken ct) => (await PagesAsync(ct)).Standing;

    /// <summary>Has a page made that nobody has asked for yet.</summary>
    /// <param name="address">Path and query, as they will be asked for.</param>
    /// <param name="services">Of a scope of its own.</param>
    /// <param name="make">Makes it from what is on record then or later.</param>
    /// <param name="ct">Stops it.</param>
    public async Task KeepAheadAsync(string address, IServiceProvider services, Func<Task<RazorComponentResult>> make, CancellationToken ct)
    {
        var pages = await PagesAsync(ct);
        if (pages.Find(address) is null)
        {
            pages.KeepAhead(address, await RenderAsync(services, await make()));
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

    private static async Task<ZippedBody> RenderAsync(IServiceProvider services, RazorComponentResult page)
    {
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
        private readonly ConcurrentDictionary<string, ZippedBody> _asked = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, ZippedBody> _ahead = new(StringComparer.Ordinal);

        public string Standing => standing;

        public ZippedBody? Find(string address) => _ahead.GetValueOrDefault(address) ?? _asked.GetValueOrDefault(address);

        public void Keep(string address, ZippedBody page)
        {
            // whoever asks for ever new addresses costs the others a page each, and no memory
            if (_asked.Count >= Most)
            {
                _asked.Clear();
            }
            _asked[address] = page;
        }

        public void KeepAhead(string address, ZippedBody page)
        {
            if (_ahead.Count < MostAhead)
            {
                _ahead[address] = page;
            }
        }
    }
}
