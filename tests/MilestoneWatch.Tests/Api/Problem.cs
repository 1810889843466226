namespace MilestoneWatch.Tests.Api;

/// <summary>What every problem of the API has.</summary>
internal static class Problem
{
    public static void Is(ServedApi.Answer answer, int status, string type)
    {
        Assert.True(status == (int)answer.Status, $"{answer.Status}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal((status, $"/api#{type}"), ((int)answer.Json["status"]!, (string?)answer.Json["type"]));
        foreach (var key in (string[])["title", "detail", "what_to_do"])
        {
            Assert.NotEmpty((string)answer.Json[key]!);
        }
    }
}
