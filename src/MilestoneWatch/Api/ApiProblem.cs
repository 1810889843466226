using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MilestoneWatch.Access;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Api;

/// <summary>Why there is no answer, as RFC 9457's problem+json, with what to do instead.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The problem's name; its address is a place on the reference page.</param>
/// <param name="Title">What sort of problem it is.</param>
/// <param name="Detail">What was wrong, and where.</param>
/// <param name="WhatToDo">What to send instead.</param>
/// <param name="Parameter">The parameter, header or member that was wrong, where it was one.</param>
internal sealed record ApiProblem(int Status, string Type, string Title, string Detail, string WhatToDo, string? Parameter = null) : IResult
{
    /// <summary>More members, behind the others.</summary>
    private JsonObject More { get; init; } = [];
    private (string Name, string Value)? Header { get; init; }

    public static ApiProblem BadParameter(string name, string detail, string whatToDo) =>
        new(StatusCodes.Status400BadRequest, "bad-parameter", "A parameter cannot be read", detail, whatToDo, name);

    public static ApiProblem BadHeader(string name, string detail, string whatToDo) =>
        new(StatusCodes.Status400BadRequest, "bad-header", "A header cannot be read", detail, whatToDo, name);

    public static ApiProblem BadBody(string? member, string detail, string whatToDo) =>
        new(StatusCodes.Status400BadRequest, "bad-body", "The body cannot be read", detail, whatToDo, member);

    public static ApiProblem NoToken() => Unauthorized("no-token", "This takes a token", "there is no token with the request", "Bearer");

    public static ApiProblem DeadToken() =>
        Unauthorized("dead-token", "The token does not work", "the token is unknown, revoked or expired", "Bearer error=\"invalid_token\"");

    public static ApiProblem WrongScope(Scope scope) =>
        Forbidden($"the token lacks the scope \"{LedgerJson.WriteEnum(scope)}\"", "use a token that has it, or make one", scope);

    public static ApiProblem NoAdmin() =>
        Forbidden("whose token it is, is no admin", "readers are for admins: use an admin's token", Scope.Readers);

    public static ApiProblem NoSuchMilestone(string detail, string whatToDo) =>
        new(StatusCodes.Status404NotFound, "no-such-milestone", "There is no such milestone", detail, whatToDo);

    public static ApiProblem NoSuchEntry(string position) =>
        new(
            StatusCodes.Status404NotFound,
            "no-such-entry",
            "There is no such entry",
            $"there is no entry {Asked.Shown(position)}",
            "/api/v1/milestones/{slug}/history lists a milestone's entries with their positions"
        );

    public static ApiProblem NoSuchReader(string id) =>
        new(
            StatusCodes.Status404NotFound,
            "no-such-reader",
            "There is no such reader",
            $"there is no reader {Asked.Shown(id)}",
            "/api/v1/readers lists all with their ids"
        );

    public static ApiProblem NoSuchAddress(string path) =>
        new(
            StatusCodes.Status404NotFound,
            "no-such-address",
            "There is nothing at this address",
            $"nothing is kept at {Asked.Shown(path)}",
            "/api/v1/openapi.json names every address, and /api tells them to people"
        );

    public static ApiProblem WrongMethod(string method, string allowed) =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            "wrong-method",
            "That is not done at this address",
            $"{Asked.Shown(method)} is not done here",
            $"what is done here: {allowed}"
        )
        {
            Header = ("Allow", allowed),
        };

    /// <param name="tag">The milestone's ETag as it is now.</param>
    /// <param name="since">The entries since the one that was seen.</param>
    /// <param name="detail">What was seen, and what is.</param>
    public static ApiProblem Stale(string tag, JsonArray since, string detail) =>
        new(
            StatusCodes.Status412PreconditionFailed,
            "stale",
            "Somebody changed it since you looked",
            detail,
            "look at what changed, and send the change again with the new ETag; nothing was recorded"
        )
        {
            Header = ("ETag", tag),
            More = new JsonObject { ["etag"] = tag, ["changed_since"] = since },
        };

    public static ApiProblem TooLong() =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "too-long",
            "The body is too long",
            "the body is longer than a megabyte",
            "keep the part of the source's text that says it"
        );

    public static ApiProblem NoJson() =>
        new(
            StatusCodes.Status415UnsupportedMediaType,
            "no-json",
            "The body is no JSON",
            "the body is not said to be JSON in UTF-8",
            "send JSON in UTF-8, with Content-Type: application/json"
        );

    public static ApiProblem Refused(string reason) =>
        new(
            StatusCodes.Status422UnprocessableEntity,
            "refused",
            "It cannot be recorded",
            reason,
            "mend what the detail names and send it again; nothing was recorded"
        );

    public static ApiProblem KeyUsed() =>
        new(
            StatusCodes.Status422UnprocessableEntity,
            "key-used",
            "The key was used for another request",
            "this Idempotency-Key was sent before with another method, address or body, and that was recorded",
            "use a new key for a new request, and the same one only to send the same again",
            "Idempotency-Key"
        );

    public static ApiProblem TooMany(int most, string seconds, bool byNetwork) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "too-many",
            "Too many requests",
            string.Create(
                CultureInfo.InvariantCulture,
                $"more than {most:N0} in a minute {(byNetwork ? "from this network" : "with this token")}"
            ),
            $"ask again in {seconds} seconds{(byNetwork ? "; a token has an allowance of its own" : "")}"
        )
        {
            Header = ("Retry-After", seconds),
        };

    public static ApiProblem DatabaseDown() =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "database-down",
            "The record cannot be reached just now",
            "the database did not answer",
            "ask again in a few seconds; a change may have been recorded: send it again with the same Idempotency-Key"
        )
        {
            Header = ("Retry-After", "5"),
        };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = new JsonObject
        {
            ["type"] = $"/api#{Type}",
            ["title"] = Title,
            ["status"] = Status,
            ["detail"] = Detail,
            ["what_to_do"] = WhatToDo,
        };
        if (Parameter is not null)
        {
            json["parameter"] = Parameter;
        }
        foreach (var (name, value) in More)
        {
            json[name] = value?.DeepClone();
        }
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (Header is var (header, said))
        {
            response.Headers[header] = said;
        }
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(json.ToJsonString(LedgerJson.Options)), httpContext.RequestAborted);
    }

    private static ApiProblem Unauthorized(string type, string title, string detail, string challenge) =>
        new(
            StatusCodes.Status401Unauthorized,
            type,
            title,
            detail,
            "send Authorization: Bearer mwt_… with a token that works; `mw token add` and the desk make one, and a session's cookie is none"
        )
        {
            Header = ("WWW-Authenticate", challenge),
        };

    private static ApiProblem Forbidden(string detail, string whatToDo, Scope scope) =>
        new(StatusCodes.Status403Forbidden, "not-allowed", "The token does not allow this", detail, whatToDo)
        {
            Header = ("WWW-Authenticate", $"Bearer error=\"insufficient_scope\", scope=\"{LedgerJson.WriteEnum(scope)}\""),
        };
}
