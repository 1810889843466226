namespace MilestoneWatch.Domain.Windows;

/// <summary>The English words that the grammar knows.</summary>
internal static class Vocabulary
{
    private const int Longest = 16;

    /// <summary>Words offered in place of a misspelt one.</summary>
    internal static readonly string[] Suggestions =
    [
        "January",
        "February",
        "March",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "spring",
        "summer",
        "autumn",
        "winter",
        "quarter",
        "half",
        "year",
        "month",
        "week",
        "first",
        "second",
        "third",
        "fourth",
        "early",
        "late",
        "middle",
        "beginning",
        "before",
        "after",
        "between",
        "within",
        "around",
        "until",
        "expected",
        "planned",
        "scheduled",
        "unknown",
    ];

    /// <param name="word">ASCII letters, any case.</param>
    internal static (Term Term, int Value) Meaning(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest)
        {
            return (Term.Unrecognised, 0);
        }

        Span<char> lower = stackalloc char[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            lower[i] = (char)(word[i] | 0x20);
        }

        return (ReadOnlySpan<char>)lower switch
        {
            "q" => (Term.Q, 0),
            "h" => (Term.H, 0),
            "w" => (Term.W, 0),
            "fy" or "fiscal" => (Term.Fiscal, 0),
            "jan" or "january" => (Term.Month, 1),
            "feb" or "february" => (Term.Month, 2),
            "mar" or "march" => (Term.Month, 3),
            "apr" or "april" => (Term.Month, 4),
            "may" => (Term.Month, 5),
            "jun" or "june" => (Term.Month, 6),
            "jul" or "july" => (Term.Month, 7),
            "aug" or "august" => (Term.Month, 8),
            "sep" or "sept" or "september" => (Term.Month, 9),
            "oct" or "october" => (Term.Month, 10),
            "nov" or "november" => (Term.Month, 11),
            "dec" or "december" => (Term.Month, 12),
            "spring" => (Term.Season, 3),
            "summer" => (Term.Season, 6),
            "autumn" or "fall" => (Term.Season, 9),
            "winter" => (Term.Season, 12),
            "day" or "days" => (Term.Unit, (int)Precision.Day),
            "week" or "weeks" => (Term.Unit, (int)Precision.Week),
            "month" or "months" => (Term.Unit, (int)Precision.Month),
            "quarter" or "quarters" => (Term.Unit, (int)Precision.Quarter),
            "half" or "halves" => (Term.Unit, (int)Precision.Half),
            "year" or "years" => (Term.Unit, (int)Precision.Year),
            "last" or "final" => (Term.Ordinal, 0),
            "first" => (Term.Ordinal, 1),
            "second" => (Term.Ordinal, 2),
            "third" => (Term.Ordinal, 3),
            "fourth" => (Term.Ordinal, 4),
            "st" or "nd" or "rd" or "th" => (Term.Suffix, 0),
            "a" or "an" or "one" => (Term.Count, 1),
            "two" => (Term.Count, 2),
            "three" => (Term.Count, 3),
            "four" => (Term.Count, 4),
            "five" => (Term.Count, 5),
            "six" => (Term.Count, 6),
            "seven" => (Term.Count, 7),
            "eight" => (Term.Count, 8),
            "nine" => (Term.Count, 9),
            "ten" => (Term.Count, 10),
            "eleven" => (Term.Count, 11),
            "twelve" => (Term.Count, 12),
            "early" => (Term.Part, (int)Part.Early),
            "mid" => (Term.Part, (int)Part.Mid),
            "late" => (Term.Part, (int)Part.Late),
            "end" => (Term.Part, (int)Part.End),
            "start" or "beginning" => (Term.PartWithOf, (int)Part.Early),
            "middle" => (Term.PartWithOf, (int)Part.Mid),
            "around" or "about" or "circa" or "ca" or "c" or "approx" or "approximately" or "roughly" => (Term.About, 0),
            "the" => (Term.The, 0),
            "of" => (Term.Of, 0),
            "in" or "during" => (Term.In, 0),
            "to" or "through" or "thru" => (Term.To, 0),
            "and" => (Term.And, 0),
            "or" => (Term.Or, 0),
            "be" => (Term.Be, 0),
            "by" => (Term.By, 0),
            "until" or "till" => (Term.Until, 0),
            "before" => (Term.Before, 0),
            "after" => (Term.After, 0),
            "from" => (Term.From, 0),
            "no" => (Term.No, 0),
            "not" => (Term.Not, 0),
            "net" => (Term.NoEarlierThan, 0),
            "nlt" => (Term.NoLaterThan, 0),
            "later" => (Term.Later, 0),
            "earlier" or "sooner" => (Term.Earlier, 0),
            "than" => (Term.Than, 0),
            "between" => (Term.Between, 0),
            "within" => (Term.Within, 0),
            "this" => (Term.This, 0),
            "next" => (Term.Next, 0),
            "announced" or "determined" or "confirmed" or "decided" => (Term.Announced, 0),
            "tbd" or "tbc" or "tba" or "unknown" => (Term.Unknown, 0),
            _ => (IsFiller(lower) ? Term.Filler : Term.Unrecognised, 0),
        };
    }

    private static bool IsFiller(ReadOnlySpan<char> lower) =>
        lower
            is "expected"
                or "expects"
                or "anticipated"
                or "planned"
                or "planning"
                or "plans"
                or "scheduled"
                or "slated"
                or "targeted"
                or "targeting"
                or "targets"
                or "target"
                or "aiming"
                or "aims"
                or "intended"
                or "projected"
                or "estimated"
                or "due"
                or "set"
                or "date"
                or "currently"
                or "now"
                or "still"
                or "sometime"
                or "some"
                or "time"
                or "for"
                or "on"
                or "at"
                or "it"
                or "is"
                or "are"
                or "will"
                or "should"
                or "fully"
                or "operational"
                or "operation"
                or "operations"
                or "online"
                or "live"
                or "ready"
                or "available"
                or "open"
                or "opens"
                or "opening"
                or "launch"
                or "launches"
                or "launching"
                or "delivery"
                or "delivered"
                or "complete"
                or "completed"
                or "completion";
}
