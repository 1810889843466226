using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Web;

/// <summary>
/// Joining for programs: POST /api/subscribers with email, topics, cadence, at, day, zone and language. 202 and the same body whoever the
/// address belongs to; <c>did_you_mean</c> depends on what was typed alone.
/// </summary>
internal static class SubscribersApi
{
    private const int Longest = 64 * 1024;

    private static readonly string[] Fields = ["email", "topics", "cadence", "at", "day", "zone", "language"];

    public static void MapSubscribersApi(this IEndpointRouteBuilder routes, Installation mw) =>
        routes.MapPost("/api/subscribers", (HttpContext http, CancellationToken ct) => SubscribeAsync(mw, http, ct)).DisableAntiforgery();

    private static async Task<IResult> SubscribeAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        if (!SameOrigin.Allows(http.Request, mw.Settings.Site))
        {
            return Refused(StatusCodes.Status403Forbidden, "request", "a page of another site sent this: use the address of this site");
        }
        if (!http.Request.HasJsonContentType())
        {
            return Refused(StatusCodes.Status415UnsupportedMediaType, "request", "send JSON, with Content-Type: application/json");
        }
        if (await TextAsync(http.Request, ct) is not { } body)
        {
            return Refused(StatusCodes.Status413PayloadTooLarge, "request", "the body is longer than 64 kB");
        }
        WishesForm form;
        Wishes wishes;
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            try
            {
                form = Read(body, (await OfferReader.ReadAsync(connection, ct)).Zone);
            }
            catch (FormatException e)
            {
                return Refused(StatusCodes.Status400BadRequest, "request", e.Message);
            }
            wishes = await Wishes.ReadAsync(connection, form, withAddress: true, ct);
        }
        if (wishes.Errors.Count > 0)
        {
            return Results.Json(
                new
                {
                    Errors = wishes.Errors.ToDictionary(
                        error => error.Key,
                        error => Language.English.Say(error.Value),
                        StringComparer.Ordinal
                    ),
                },
                LedgerJson.Options,
                statusCode: StatusCodes.Status422UnprocessableEntity
            );
        }
        var request = new JoinRequest(wishes.Mailbox!.Address, wishes.Schedule!, wishes.Slugs, form.Language);
        if (await Joining.RequestAsync(mw, request, ClientNetwork.Of(http, mw.Settings.Site), ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = JoinLimits.Seconds(wait);
            return Refused(
                StatusCodes.Status429TooManyRequests,
                "request",
                $"too many at once: try again in {JoinLimits.Seconds(wait)} seconds"
            );
        }
        return Results.Json(
            new JsonObject
            {
                ["status"] = "a mail with a link to confirm is on its way to the address, one a day at most",
                ["did_you_mean"] = AddressTypos.Meant(wishes.Mailbox),
            },
            LedgerJson.Options,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    private static IResult Refused(int status, string field, string message) =>
        Results.Json(
            new { Errors = new Dictionary<string, string>(StringComparer.Ordinal) { [field] = message } },
            LedgerJson.Options,
            statusCode: status
        );

    private static async Task<byte[]?> TextAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > Longest)
        {
            return null;
        }
        var buffer = new byte[Longest + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > Longest ? null : buffer[..length];
    }

    /// <exception cref="FormatException">It is no JSON object of these fields.</exception>
    private static WishesForm Read(byte[] body, string zone)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("send one JSON object");
            }
            if (
                json.RootElement.EnumerateObject().FirstOrDefault(field => !Fields.Contains(field.Name, StringComparer.Ordinal)) is
                { Value.ValueKind: not JsonValueKind.Undefined }
            )
            {
                throw new FormatException($"only these are fields: {string.Join(", ", Fields)}");
            }
            var topics = json.RootElement.TryGetProperty("topics", out var list)
                ? list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(slug => slug.ValueKind == JsonValueKind.String)
                    ? list.EnumerateArray().Select(slug => slug.GetString()!).ToList()
                    : throw new FormatException("topics is a list of texts: [\"all\"], or slugs of subjects and milestones")
                : ["all"];
            var day =
                json.RootElement.TryGetProperty("day", out var number) && number.ValueKind == JsonValueKind.Number
                    ? number.GetRawText()
                    : Text("day", null);
            return new WishesForm
            {
                Email = Text("email", "")!.Trim(),
                Everything = topics.Contains("all", StringComparer.Ordinal),
                Topics = topics,
                Cadence = Text("cadence", "weekly")!,
                At = Text("at", "08:00")!,
                Weekday = day ?? "mon",
                Monthday = day ?? "1",
                Zone = Text("zone", zone)!,
                Language = Text("language", "en")!,
            };

            string? Text(string name, string? absent) =>
                !json.RootElement.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? absent
                : value.ValueKind == JsonValueKind.String ? value.GetString()
                : throw new FormatException($"{name} is a text");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // half a letter reads as JSON, and is no text
            throw new FormatException("that is no JSON that can be read", e);
        }
    }
}
