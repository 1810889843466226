using System.Globalization;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Web;
using NodaTime;

namespace MilestoneWatch.Api;

/// <summary>A question's parameters, each read once. The first that cannot be read is the problem; what was read beside it is of no use.</summary>
internal sealed class Asked
{
    public const int LargestPage = 200;
    public const int UsualPage = 50;
    private const int LongestShown = 80;

    private readonly IQueryCollection _query;

    /// <param name="request">The question.</param>
    /// <param name="known">The parameters that it may have.</param>
    public Asked(HttpRequest request, params string[] known)
    {
        _query = request.Query;
        if (_query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            var takes = known.Length == 0 ? "it takes none" : $"it takes {string.Join(", ", known)}";
            Problem = ApiProblem.BadParameter(
                Shown(unknown),
                $"there is no parameter \"{Shown(unknown)}\" here",
                NearestSlug.Of(Shown(unknown), known) is { } meant ? $"did you mean {meant}? Here {takes}" : $"leave it out: {takes}"
            );
        }
    }

    public ApiProblem? Problem { get; private set; }

    /// <summary>What was typed, cut to what an answer repeats of it.</summary>
    public static string Shown(string text) =>
        text.Length <= LongestShown
            ? text
            // never half a letter
            : $"{text[..(char.IsHighSurrogate(text[LongestShown - 1]) ? LongestShown - 1 : LongestShown)]}…";

    /// <summary>A parameter that is given once at most; null where it is not, or blank.</summary>
    public string? One(string name)
    {
        var given = _query[name];
        if (given.Count > 1)
        {
            Refuse(name, $"{name} is given {given.Count} times", $"give {name} once");
            return null;
        }
        return given is [{ } text] && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    /// <summary>The instant asked about, as the pages read it; null for now.</summary>
    public Instant? AsOf()
    {
        var text = One("asOf");
        if (!AsOfQuery.TryRead(text, out var asOf))
        {
            Refuse(
                "asOf",
                $"asOf \"{Shown(text!)}\" is neither a date nor an instant",
                "write a date, which means its end in UTC (2026-10-05), or an instant (2026-10-05T08:00:00Z)"
            );
        }
        return asOf;
    }

    /// <summary>How many items a page may have.</summary>
    public int Limit() => Number("limit", 1, LargestPage) ?? UsualPage;

    /// <summary>A whole number between two others; null where none is given.</summary>
    public int? Number(string name, int least, int most)
    {
        if (One(name) is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        Refuse(name, $"{name} \"{Shown(text)}\" is no whole number from {least} to {most}", $"write a number from {least} to {most}");
        return null;
    }

    /// <summary>Which of an enum's words are asked for; null for all. The parameter may be repeated.</summary>
    public string[]? Words<T>(string name)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().Select(LedgerJson.WriteEnum).ToArray();
        return Any(name, words, $"{name} is one of {string.Join(", ", words)}");
    }

    /// <summary>Which of the known values are asked for, in order and once each; null for all. The parameter may be repeated.</summary>
    public string[]? Any(string name, IReadOnlyCollection<string> known, string allowed)
    {
        var given = _query[name].OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text)).ToList();
        if (given.Count == 0)
        {
            return null;
        }
        if (given.FirstOrDefault(text => !known.Contains(text, StringComparer.Ordinal)) is { } unknown)
        {
            var meant = NearestSlug.Of(Shown(unknown), known) is { } near ? $"did you mean \"{near}\"? " : "";
            Refuse(name, $"there is no {name} \"{Shown(unknown)}\"", meant + allowed);
            return null;
        }
        return [.. given.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the walk that a page belongs to goes on; null at its start.</summary>
    /// <param name="question">All but the page: the same all along a walk.</param>
    public Cursor? Cursor(string question)
    {
        if (One("cursor") is not { } text)
        {
            return null;
        }
        if (Api.Cursor.TryRead(text, question, out var cursor))
        {
            return cursor;
        }
        Refuse(
            "cursor",
            "the cursor is none that an answer to this question gave",
            "pass next_cursor as it came, with the same filters and asOf beside it; without a cursor the walk begins anew"
        );
        return null;
    }

    public void Refuse(string name, string detail, string whatToDo) => Problem ??= ApiProblem.BadParameter(name, detail, whatToDo);
}
