using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>How a promise's date is read.</summary>
internal static class WindowAnswers
{
    /// <summary>The same JSON as `mw window parse --json`; a phrase that is not understood is answered too, with its error.</summary>
    public static IResult Parse(Installation mw, HttpContext http)
    {
        var asked = new Asked(http.Request, "phrase", "on", "fiscal_year_starts");
        var phrase = asked.One("phrase");
        var day = mw.Clock.GetCurrentInstant().InUtc().Date;
        if (phrase is null)
        {
            asked.Refuse("phrase", "there is no phrase", "give a date as it was printed: phrase=by+late+2027");
        }
        if (asked.One("on") is { } on && !Typed.TryDay(on, out day))
        {
            asked.Refuse(
                "on",
                $"on \"{Asked.Shown(on)}\" is no day of the years 1583 to 9998",
                "write the day of the promise as 2026-09-30 or 30 September 2026"
            );
        }
        var starts = asked.Number("fiscal_year_starts", 1, 12);
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        PhraseReader.TryRead(phrase!, day, starts, out var window, out var error);
        return ApiAnswer.Of(http, PhraseJson.Of(phrase!, window, error));
    }
}
