using System.Globalization;

namespace MilestoneWatch.Cli;

/// <summary>Rows of cells to draw on. What does not fit is clipped: no row is ever wider than the canvas.</summary>
internal sealed class Canvas(int width)
{
    private readonly List<(char[] Cells, Ink[] Inks)> _rows = [];

    public int Width => width;

    /// <summary>Below all others; its index.</summary>
    public int AddRow()
    {
        var cells = new char[width];
        Array.Fill(cells, ' ');
        _rows.Add((cells, new Ink[width]));
        return _rows.Count - 1;
    }

    /// <summary>One cell; outside the canvas, nothing.</summary>
    public void Put(int row, int column, char cell, Ink ink)
    {
        if (column >= 0 && column < width)
        {
            _rows[row].Cells[column] = cell;
            _rows[row].Inks[column] = ink;
        }
    }

    public void Put(int row, int column, string text, Ink ink)
    {
        for (var i = 0; i < text.Length; i++)
        {
            Put(row, column + i, text[i], ink);
        }
    }

    public char At(int row, int column) => column >= 0 && column < width ? _rows[row].Cells[column] : ' ';

    /// <summary>Whether a text can stand there with a blank on both sides.</summary>
    public bool IsFree(int row, int column, int length) =>
        column >= 0
        && column + length <= width
        && Enumerable.Range(column - 1, length + 2).All(at => At(row, at) is ' ' or WindowDrawing.TodayCell);

    /// <summary>As it can be drawn in single cells, no longer than that.</summary>
    public static string Fit(string text, int most)
    {
        var cells = string.Concat(text.Select(letter => IsSingle(letter) ? letter : '?'));
        return cells.Length <= most ? cells
            : most < 1 ? ""
            : cells[..(most - 1)] + '…';
    }

    public IReadOnlyList<DrawnLine> Lines() =>
        [
            .. _rows.Select(row =>
            {
                var text = new string(row.Cells).TrimEnd();
                return new DrawnLine(text, row.Inks[..text.Length]);
            }),
        ];

    // beyond these lie the scripts whose letters take two cells, or none
    private static bool IsSingle(char letter) =>
        letter < '\u1100'
            && CharUnicodeInfo.GetUnicodeCategory(letter)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.EnclosingMark
                )
        || letter is >= '\u2010' and <= '\u2027' or >= '\u2030' and <= '\u205e' or >= '\u2500' and <= '\u25ff' or '\u2212' or '€';
}
