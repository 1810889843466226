using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Api;

/// <summary>What every answer has: JSON in UTF-8 with a tag of its content, by which whoever has it already is answered 304.</summary>
internal static class ApiAnswer
{
    public static IResult Of(HttpContext http, JsonNode answer) => Of(http, answer.ToJsonString(LedgerJson.Options));

    public static IResult Of(HttpContext http, string json) => Of(http, Encoding.UTF8.GetBytes(json));

    public static IResult Of(HttpContext http, byte[] json) => Of(http, json, Tag(json));

    /// <summary>A milestone, whose tag begins with its revision: see <see cref="IfMatch"/>.</summary>
    public static IResult Of(HttpContext http, Milestone milestone, JsonNode answer)
    {
        var json = answer.ToJsonString(LedgerJson.Options);
        return Of(http, Encoding.UTF8.GetBytes(json), TagOf(milestone, json));
    }

    /// <summary>The tag of a milestone's own answer.</summary>
    public static string TagOf(Milestone milestone, string json) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{milestone.State.Revision}-{Tag(Encoding.UTF8.GetBytes(json))[1..]}");

    private static IResult Of(HttpContext http, byte[] json, string tag)
    {
        http.Response.Headers.ETag = tag;
        var own = new EntityTagHeaderValue(tag);
        return http
            .Request.GetTypedHeaders()
            .IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(own, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(json, "application/json");
    }

    private static string Tag(byte[] json) => $"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\"";
}
