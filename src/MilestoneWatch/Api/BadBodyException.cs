namespace MilestoneWatch.Api;

/// <summary>A request's body is not what the address takes.</summary>
/// <param name="member">The path of the member that is wrong; null for the whole.</param>
/// <param name="detail">What is wrong with it.</param>
/// <param name="whatToDo">What to send instead.</param>
internal sealed class BadBodyException(string? member, string detail, string whatToDo) : Exception(detail)
{
    public ApiProblem Problem { get; } = ApiProblem.BadBody(member, detail, whatToDo);
}
