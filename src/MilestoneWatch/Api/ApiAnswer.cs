using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>What every answer has: JSON in UTF-8 with a tag of its content, by which whoever has it already is answered 304.</summary>
internal static class ApiAnswer
{
    public static IResult Of(HttpContext http, JsonNode answer) => Of(http, answer.ToJsonString(LedgerJson.Options));

    public static IResult Of(HttpContext http, string json) => Of(http, Encoding.UTF8.GetBytes(json));

    public static IResult Of(HttpContext http, byte[] json)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        return http
            .Request.GetTypedHeaders()
            .IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(json, "application/json");
    }

    public static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-cache";
        try
        {
            return await next(context);
        }
        catch (NpgsqlException e) when (e.IsTransient)
        {
            return ApiProblem.DatabaseDown();
        }
    }
}
