using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace MilestoneWatch.Api;

/// <summary>
/// The revision that whoever writes has seen, from If-Match. A milestone's tag begins with its revision, and that alone is compared: what the
/// clock says of a milestone in the meantime changes its answer, and nobody's update is lost by it.
/// </summary>
/// <param name="Seen">The revisions that are named; null for "*" and for none, which take the newest.</param>
internal sealed partial record IfMatch(IReadOnlyList<int>? Seen)
{
    public static bool TryRead(StringValues header, out IfMatch condition, out ApiProblem? problem)
    {
        (condition, problem) = (new IfMatch(Seen: null), null);
        var text = header.ToString().Trim();
        if (header.Count == 0 || text == "*")
        {
            return true;
        }
        if (!List().IsMatch(text))
        {
            problem = ApiProblem.BadHeader(
                "If-Match",
                "If-Match holds no list of entity tags",
                "send the ETag that the milestone was read with, in its quotes, or * for the newest"
            );
            return false;
        }
        // a weak tag, or one of something else, is no revision that anybody has seen
        condition = new IfMatch([
            .. Tags()
                .Matches(text)
                .Select(tag =>
                    !tag.Groups["weak"].Success
                    && int.TryParse(tag.Groups["revision"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                        ? revision
                        : -1
                ),
        ]);
        return true;
    }

    public bool Holds(int revision) => Seen is null || Seen.Contains(revision);

    [GeneratedRegex("^((W/)?\"[\\x21\\x23-\\x7e]*\"|\\s*,\\s*)+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex List();

    [GeneratedRegex("(?<weak>W/)?\"((?<revision>\\d+)(-[^\"]*)?|[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tags();
}
