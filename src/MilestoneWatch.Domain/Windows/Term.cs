namespace MilestoneWatch.Domain.Windows;

/// <summary>What a token of a phrase is to the grammar; its <see cref="Token.Value"/> says which one.</summary>
internal enum Term : byte
{
    End,
    Unrecognised,

    /// <summary>Says nothing about time and is skipped.</summary>
    Filler,
    Number,

    /// <summary>A year written '26; the value is 2026.</summary>
    ShortYear,
    Dash,
    Slash,
    Open,
    Close,

    /// <summary>January to December, 1 to 12.</summary>
    Month,

    /// <summary>The value is the season's first month.</summary>
    Season,

    /// <summary>The value is a <see cref="Precision"/>, Day to Year.</summary>
    Unit,

    /// <summary>first to fourth; 0 is "last".</summary>
    Ordinal,

    /// <summary>st, nd, rd, th.</summary>
    Suffix,

    /// <summary>A number in words, from "a" to "twelve".</summary>
    Count,

    /// <summary>early, mid, late, end: stand before a period with or without "of". The value is a <see cref="Part"/>.</summary>
    Part,

    /// <summary>start, beginning, middle: a part only with "of", since "beginning 2027" may mean from 2027 on.</summary>
    PartWithOf,
    Q,
    H,
    W,
    Fiscal,
    About,
    The,
    Of,
    In,
    To,
    And,
    Or,
    Be,
    By,
    Until,
    Before,
    After,
    From,
    No,
    Not,
    NoEarlierThan,
    NoLaterThan,
    Later,
    Earlier,
    Than,
    Between,
    Within,
    This,
    Next,
    Announced,
    Unknown,
}
