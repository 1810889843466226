namespace MilestoneWatch.Domain.Windows;

/// <summary>Recognises a time of day, which a window of days has no use for: "2:57 p.m.", "9am", "15:30".</summary>
internal static class TimeOfDay
{
    /// <returns>Where it ends, or <paramref name="start"/> when the digits there are no time.</returns>
    internal static int End(string phrase, int start)
    {
        var at = Digits(phrase, start);
        if (at - start > 2)
        {
            return start;
        }

        var minutes = at < phrase.Length && phrase[at] == ':' ? Digits(phrase, at + 1) : at;
        var timed = minutes == at + 3;
        at = timed ? minutes : at;
        var half = at < phrase.Length && phrase[at] == ' ' ? at + 1 : at;
        return AfterHalfDay(phrase, half) is var end && end > half ? end
            : timed ? at
            : start;
    }

    // "am", "a.m."
    private static int AfterHalfDay(string phrase, int at)
    {
        if (at >= phrase.Length || (phrase[at] | 0x20) is not ('a' or 'p'))
        {
            return at;
        }

        var m = at + 1 < phrase.Length && phrase[at + 1] == '.' ? at + 2 : at + 1;
        if (m >= phrase.Length || (phrase[m] | 0x20) != 'm' || (m + 1 < phrase.Length && char.IsAsciiLetterOrDigit(phrase[m + 1])))
        {
            return at;
        }

        return m + 1 < phrase.Length && phrase[m + 1] == '.' ? m + 2 : m + 1;
    }

    private static int Digits(string phrase, int at)
    {
        while (at < phrase.Length && char.IsAsciiDigit(phrase[at]))
        {
            at++;
        }

        return at;
    }
}
