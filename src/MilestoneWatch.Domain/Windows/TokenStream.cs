using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>A place in a phrase's tokens, what the reading depends on, and the first fault met.</summary>
internal ref struct TokenStream(string phrase, ReadOnlySpan<Token> tokens, LocalDate on, int? fiscalYearStarts)
{
    private readonly ReadOnlySpan<Token> tokens = tokens;

    internal readonly string Phrase { get; } = phrase;

    /// <summary>The day of the promise.</summary>
    internal readonly LocalDate On { get; } = on;

    internal readonly int? FiscalYearStarts { get; } = fiscalYearStarts;

    internal int Index { get; set; }

    internal bool Approximate { get; set; }

    internal Fault? Fault { get; private set; }

    internal readonly Token Current => tokens[Index];

    internal readonly Token Peek(int ahead = 1) => tokens[Math.Clamp(Index + ahead, 0, tokens.Length - 1)];

    internal readonly bool Is(Term term) => tokens[Index].Term == term;

    internal readonly bool IsUnit(Precision unit) => Is(Term.Unit) && Current.Value == (int)unit;

    internal readonly bool Follows(Term before, Term before2) =>
        Index >= 2 && tokens[Index - 1].Term == before2 && tokens[Index - 2].Term == before;

    internal readonly int PreviousEnd => Index == 0 ? 0 : tokens[Index - 1].End;

    internal Token Take()
    {
        var token = tokens[Index];
        if (token.Term != Term.End)
        {
            Index++;
        }

        return token;
    }

    internal bool Skip(Term term)
    {
        if (!Is(term))
        {
            return false;
        }

        Index++;
        return true;
    }

    internal bool SkipDashes()
    {
        var from = Index;
        while (Skip(Term.Dash)) { }
        return Index > from;
    }

    /// <summary>Skips what says nothing about time, noting "about" on the way.</summary>
    internal void SkipFillers()
    {
        while (true)
        {
            switch (Current.Term)
            {
                case Term.About:
                    Approximate = true;
                    break;
                case Term.Filler or Term.Date or Term.In or Term.The or Term.Dash or Term.To or Term.Be:
                // "a Summer 2027 launch"; but "a year" is a count.
                case Term.Count when Current is { Length: <= 2, Value: 1 } && Peek().Term != Term.Unit:
                case Term.Of when Peek(-1).Term is Term.Filler or Term.Date:
                // "may not", "may be"
                case Term.Month when Current.Value == 5 && Peek().Term is Term.Not or Term.Be:
                // "to close by", "starting in", but not "beginning 2027"
                case Term.PartWithOf
                    when Peek().Term is Term.In or Term.Filler or Term.Until or Term.By or Term.Before or Term.After or Term.From:
                    break;
                default:
                    return;
            }

            Index++;
        }
    }

    internal readonly string Text(Token token) => Phrase[token.Start..token.End];

    /// <summary>Keeps the first fault only: the later ones follow from it.</summary>
    internal bool Refuse(int start, int end, string message, string instead)
    {
        Fault ??= new Fault(start, end, message, instead);
        return false;
    }

    /// <summary>Points at <paramref name="token"/>, and would cut the phrase at <paramref name="end"/>.</summary>
    internal bool RefuseRest(Token token, int end, string message)
    {
        Fault ??= new Fault(end, Phrase.Length, message, "") { At = token.Start };
        return false;
    }

    internal bool Refuse(Token token, string message, string instead) => Refuse(token.Start, token.End, message, instead);

    /// <summary>Refuses the current token because a date should stand here.</summary>
    internal bool RefuseHere()
    {
        var token = Current;
        if (token.Term == Term.End)
        {
            return Refuse(0, Phrase.Length, "no date is said", "TBD");
        }

        if (token.Term == Term.Vague || (token.Term == Term.Unit && token.Length > 4))
        {
            Fault ??= new Fault(0, Phrase.Length, $"\"{Text(token)}\" names no day; record TBD and keep the words as a quote", "TBD")
            {
                At = token.Start,
            };
            return false;
        }

        if (token.Term != Term.Unrecognised)
        {
            return Refuse(token, $"a date should stand here, not \"{Text(token)}\"", "");
        }

        if (Spelling.Nearest(Phrase.AsSpan(token.Start, token.Length)) is { } known)
        {
            return Refuse(token, $"\"{Text(token)}\" is not understood", known);
        }

        var last = token;
        for (var next = token; next.Term == Term.Unrecognised; next = Current)
        {
            last = Take();
        }

        return Refuse(token.Start, last.End, $"\"{Text(token)}\" is not understood", "");
    }
}
