namespace MilestoneWatch.Domain.Windows;

/// <summary>Cuts a phrase into tokens. Spaces, commas, quotation marks, times of day and the full stop after a word vanish here.</summary>
internal static class PhraseScanner
{
    internal const int LongestPhrase = 200;

    /// <param name="tokens">Room for one token a character and the end.</param>
    /// <returns>The fault at the first character that no phrase may hold, or null.</returns>
    internal static Fault? Scan(string phrase, Span<Token> tokens)
    {
        if (phrase.Length > LongestPhrase)
        {
            return new Fault(LongestPhrase, phrase.Length, $"a phrase has at most {LongestPhrase} characters", "");
        }

        var count = 0;
        var at = 0;
        while (at < phrase.Length)
        {
            var start = at;
            var c = phrase[at++];
            if (char.IsAsciiLetter(c))
            {
                while (at < phrase.Length && char.IsAsciiLetter(phrase[at]))
                {
                    at++;
                }

                at = AfterGluedUnit(phrase, start, at);
                var (term, value) = Vocabulary.Meaning(phrase.AsSpan(start, at - start));
                var word = at;
                at = AfterContraction(phrase, at);
                // "won't", "isn't"
                term = at > word && phrase[at - 1] is 't' or 'T' ? Term.Not : term;
                tokens[count++] = new Token(term, value, start, word);
            }
            else if (char.IsAsciiDigit(c))
            {
                if (TimeOfDay.End(phrase, start) is var time && time > start)
                {
                    at = time;
                    continue;
                }

                at = AfterDigits(phrase, at);
                tokens[count++] = new Token(Term.Number, Number(phrase.AsSpan(start, at - start)), start, at);
            }
            else if (IsApostrophe(c) && AfterDigits(phrase, at) == at + 2)
            {
                at += 2;
                tokens[count++] = new Token(Term.ShortYear, 2000 + Number(phrase.AsSpan(start + 1, 2)), start, at);
            }
            else if (Mark(c) is var mark && mark != Term.Unrecognised)
            {
                tokens[count++] = new Token(mark, 0, start, at);
            }
            else if (c is ',' or '"' or '\u201C' or '\u201D' || (char.IsWhiteSpace(c) && !char.IsControl(c)) || IsFullStop(phrase, start))
            {
                continue;
            }
            else
            {
                return Strange(phrase, start);
            }
        }

        tokens[count] = new Token(Term.End, 0, phrase.Length, phrase.Length);
        return null;
    }

    private static Term Mark(char c) =>
        c switch
        {
            '-' or (>= '\u2010' and <= '\u2015') or '\u2212' => Term.Dash,
            '/' => Term.Slash,
            '&' => Term.And,
            '~' or '\u2248' => Term.About,
            '(' => Term.Open,
            ')' => Term.Close,
            _ => Term.Unrecognised,
        };

    private static bool IsApostrophe(char c) => c is '\'' or '\u2018' or '\u2019';

    private static bool IsFullStop(string phrase, int at) =>
        phrase[at] == '.' && at > 0 && (char.IsAsciiLetter(phrase[at - 1]) || at == phrase.Length - 1);

    // "4QFY27", "2HCY26"
    private static int AfterGluedUnit(string phrase, int start, int end) =>
        end - start == 3
        && (phrase[start] | 0x20) is 'q' or 'h'
        && (phrase[start + 1] | 0x20) is 'f' or 'c'
        && (phrase[start + 2] | 0x20) is 'y'
            ? start + 1
            : end;

    // 's, 'll, n't
    private static int AfterContraction(string phrase, int at)
    {
        if (at + 1 >= phrase.Length || !IsApostrophe(phrase[at]) || !char.IsAsciiLetter(phrase[at + 1]))
        {
            return at;
        }

        var end = at + 1;
        while (end < phrase.Length && char.IsAsciiLetter(phrase[end]))
        {
            end++;
        }

        return end - at <= 3 ? end : at;
    }

    private static int AfterDigits(string phrase, int at)
    {
        while (at < phrase.Length && char.IsAsciiDigit(phrase[at]))
        {
            at++;
        }

        return at;
    }

    // Longer numbers are refused by their length; their value is never looked at.
    private static int Number(ReadOnlySpan<char> digits)
    {
        var value = 0;
        for (var i = 0; i < digits.Length && i < 9; i++)
        {
            value = (value * 10) + (digits[i] - '0');
        }

        return value;
    }

    private static Fault Strange(string phrase, int at)
    {
        var c = phrase[at];
        if (char.IsControl(c))
        {
            return new Fault(at, at + 1, $"the control character U+{(int)c:X4} has no place in a phrase", " ");
        }

        if (char.IsSurrogate(c))
        {
            return char.IsSurrogatePair(phrase, at)
                ? new Fault(at, at + 2, $"\"{phrase.AsSpan(at, 2)}\" is not understood", " ")
                : new Fault(at, at + 1, $"the lone surrogate U+{(int)c:X4} is no character", " ");
        }

        var separator = c == '.' && at > 0 && char.IsAsciiDigit(phrase[at - 1]) ? "/" : " ";
        return new Fault(at, at + 1, $"\"{c}\" is not understood", separator);
    }
}
