using System.Text;
using System.Text.Json.Nodes;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Api;

/// <summary>Why there is no answer, as RFC 9457's problem+json, with what to do instead.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The problem's name; its address is a place on the reference page.</param>
/// <param name="Title">What sort of problem it is.</param>
/// <param name="Detail">What was wrong, and where.</param>
/// <param name="WhatToDo">What to send instead.</param>
/// <param name="Parameter">The parameter that was wrong, where it was one.</param>
internal sealed record ApiProblem(int Status, string Type, string Title, string Detail, string WhatToDo, string? Parameter = null) : IResult
{
    public static ApiProblem BadParameter(string name, string detail, string whatToDo) =>
        new(StatusCodes.Status400BadRequest, "bad-parameter", "A parameter cannot be read", detail, whatToDo, name);

    public static ApiProblem NoSuchMilestone(string detail, string whatToDo) =>
        new(StatusCodes.Status404NotFound, "no-such-milestone", "There is no such milestone", detail, whatToDo);

    public static ApiProblem NoSuchAddress(string path) =>
        new(
            StatusCodes.Status404NotFound,
            "no-such-address",
            "There is nothing at this address",
            $"nothing is kept at {Asked.Shown(path)}",
            "/api/v1/openapi.json names every address, and /api tells them to people"
        );

    public static ApiProblem WrongMethod(string method) =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            "wrong-method",
            "This address is only read",
            $"{Asked.Shown(method)} is not done here",
            "use GET or HEAD: this half of the API changes nothing"
        );

    public static ApiProblem DatabaseDown() =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "database-down",
            "The record cannot be read just now",
            "the database did not answer",
            "ask again in a few seconds"
        );

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
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        if (Status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = "GET, HEAD";
        }
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "5";
        }
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(json.ToJsonString(LedgerJson.Options)), httpContext.RequestAborted);
    }
}
