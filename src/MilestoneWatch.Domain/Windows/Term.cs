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

    /// <summary>first to fourth; 0 is "last"; "back" and "latter" are 2.</summary>
    Ordinal,

    /// <summary>st, nd, rd, th.</summary>
    Suffix,

    /// <summary>A number in words, from "a" to "twelve".</summary>
    Count,

    /// <summary>early, mid, late, end: stand before a period with or without "of". The value is a <see cref="Part"/>.</summary>
    Part,

    /// <summary>start, beginning, middle, close: a part only with "of", since "beginning 2027" may mean from 2027 on.</summary>
    PartWithOf,

    /// <summary>"part" itself: the latter part of a year is its second half, the early part its first third.</summary>
    Piece,

    /// <summary>YE.</summary>
    YearEnd,
    Decade,

    /// <summary>The s of 2030s.</summary>
    Decades,

    /// <summary>Monday to Sunday, 1 to 7.</summary>
    Weekday,
    Christmas,
    New,
    Q,
    H,
    W,
    Fiscal,

    /// <summary>Says that a year or quarter is not a fiscal one.</summary>
    Calendar,
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
    Earliest,
    Latest,
    As,

    /// <summary>delayed, postponed, pushed: what follows is the date now.</summary>
    Delayed,
    Between,
    Within,
    This,
    Next,
    Announced,

    /// <summary>"date" itself, which says nothing unless there is none.</summary>
    Date,

    /// <summary>soon, few, possible: names no day.</summary>
    Vague,
    Unknown,
}
