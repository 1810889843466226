using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>
/// A milestone's promises on one time line, in text: the present window as a bar, hard-edged where its bound is, fading where it is open or
/// approximate; its other reading hatched; earlier promises in outline beneath, each joined to the next by a step that carries the slip; and today.
/// </summary>
internal sealed class WindowDrawing
{
    public const int LeastWidth = 20;
    public const char TodayCell = '┊';
    private const int Margin = 2;
    private static readonly char[] Fading = ['░', '▒', '▓'];

    private readonly WindowPicture _picture;
    private readonly Canvas _canvas;
    private readonly TimeScale _scale;
    private readonly int _today;

    private WindowDrawing(WindowPicture picture, int width)
    {
        _picture = picture;
        _canvas = new Canvas(Math.Max(LeastWidth, width) - Margin);
        _scale = TimeScale.Covering(picture, _canvas.Width);
        _today = _scale.Column(picture.Today);
    }

    /// <summary>Lines of at most <paramref name="width"/> characters, each of one cell; of <see cref="LeastWidth"/> where that is less.</summary>
    public static IReadOnlyList<DrawnLine> Draw(WindowPicture picture, int width)
    {
        var drawing = new WindowDrawing(picture, width);
        drawing.DrawRuler();
        drawing.DrawToday();
        drawing.DrawPromise();
        drawing.DrawOtherReading();
        drawing.DrawEarlier();
        RecordDrawing.Draw(picture, drawing._canvas, drawing._scale, drawing.Row);
        return [.. drawing._canvas.Lines().Select(line => line.Text.Length == 0 ? line : DrawnLine.Of(new string(' ', Margin)).Then(line))];
    }

    private void DrawRuler()
    {
        var ticks = _scale.Ticks().ToList();
        var (years, ruler) = (_canvas.AddRow(), _canvas.AddRow());
        var quarters = ticks.Exists(tick => !tick.IsYear) ? ruler : -1;
        ruler = quarters < 0 ? ruler : _canvas.AddRow();
        _canvas.Put(ruler, 0, new string('─', _canvas.Width), Ink.Quiet);
        foreach (var (column, label, isYear) in ticks)
        {
            _canvas.Put(ruler, column, isYear || quarters < 0 ? '┼' : '┬', Ink.Quiet);
            var row = isYear ? years : quarters;
            if (_canvas.IsFree(row, column, label.Length))
            {
                _canvas.Put(row, column, label, Ink.Quiet);
            }
        }
        _canvas.Put(ruler, _today, _scale.Shows(_picture.Today) ? '▼' : '─', Ink.Today);
    }

    private void DrawToday()
    {
        var day = DateWords.Long(_picture.Today);
        var (before, after) = (_picture.Today < _scale.Start, _picture.Today >= _scale.End);
        var text =
            before ? $"◀ today, {day}"
            : after ? $"today, {day} ▶"
            : $"today, {day}";
        var row = before || after ? _canvas.AddRow() : Row();
        var shown = Canvas.Fit(text, _canvas.Width - 2);
        var column =
            before ? 0
            : after ? _canvas.Width - shown.Length
            : _today + 2 + shown.Length <= _canvas.Width ? _today + 2
            : Math.Max(0, _today - 1 - shown.Length);
        _canvas.Put(row, column, shown, Ink.Today);
    }

    /// <summary>A new row, with today's line where it runs.</summary>
    private int Row()
    {
        var row = _canvas.AddRow();
        if (_scale.Shows(_picture.Today))
        {
            _canvas.Put(row, _today, TodayCell, Ink.Today);
        }
        return row;
    }

    private void DrawPromise()
    {
        var promise = _picture.Promise;
        var extent = ExtentOf(promise.Window, promise.Since);
        Label(Row(), extent, $"“{promise.Phrase}”", Ink.Strong);
        var row = Row();
        for (var column = extent.From; column <= extent.To; column++)
        {
            var cell = Faded(extent, column, '█');
            var today = column == _today && _scale.Shows(_picture.Today) && extent.To > extent.From;
            _canvas.Put(row, column, today ? TodayCell : cell, today ? Ink.Today : Ink.Accent);
        }
        if (_picture.Settled is { } settled)
        {
            _canvas.Put(row, _scale.Column(settled.On), settled.Shape, Ink.Strong);
        }
        else if (_picture.NeedsLook && promise.Window.Latest is { } latest)
        {
            // the silence since
            for (var column = extent.To + 1; column < _today; column++)
            {
                _canvas.Put(row, column, '·', Ink.Look);
            }
            var mark = Math.Max(_today, extent.To + 1);
            _canvas.Put(row, mark, '!', Ink.Look);
            Beside(row, mark, $"{DateWords.Days(Period.DaysBetween(latest, _picture.Today))} past", Ink.Look);
        }
    }

    private void DrawOtherReading()
    {
        if (_picture.Promise.Window.Alternative is not { } other)
        {
            return;
        }
        var window = _picture.Promise.Window with { Earliest = other.Earliest, Latest = other.Latest };
        var extent = ExtentOf(window, _picture.Promise.Since);
        var row = Row();
        for (var column = extent.From; column <= extent.To; column++)
        {
            _canvas.Put(row, column, '╱', Ink.Accent);
        }
        var text = WindowWords.OtherReading(other);
        if (!Beside(row, extent.To, text, Ink.Quiet))
        {
            Label(Row(), extent, text, Ink.Quiet);
        }
    }

    /// <summary>Newest on top, each joined to the promise that replaced it.</summary>
    private void DrawEarlier()
    {
        var (later, above) = (_picture.Promise, -1);
        foreach (var promise in _picture.Earlier.Reverse())
        {
            var extent = ExtentOf(promise.Window, promise.Since);
            var slip = Window.SlipInDays(promise.Window, later.Window);
            var (from, to) = (extent.To, later.Window.Latest is { } latest ? _scale.EndColumn(latest) : -1);
            if (slip is not null && above >= 0)
            {
                // past the words under the promise above
                Through(above, to);
            }
            var row = -1;
            if (slip is not null && to < from)
            {
                row = Row();
                _canvas.Put(row, to, '└' + new string('─', from - to - 1) + '┐', Ink.Quiet);
            }
            row = Row();
            for (var column = extent.From; column <= extent.To; column++)
            {
                var edge =
                    extent.From == extent.To ? '▯'
                    : column == extent.From && !extent.FadesIn ? '├'
                    : column == extent.To && !extent.FadesOut ? '┤'
                    : '╌';
                _canvas.Put(row, column, edge, Ink.Quiet);
            }
            if (slip is not null && to > from)
            {
                _canvas.Put(row, from + 1, new string('─', to - from - 1) + '┘', Ink.Quiet);
            }
            var words = Row();
            if (slip is { } days)
            {
                var text = DateWords.Slip(days);
                var beside = Beside(row, Math.Max(from, to), text, Ink.Strong);
                if (!beside)
                {
                    var column = Math.Max(0, Math.Max(from, to) + 1 - text.Length);
                    _canvas.Put(words, column, Canvas.Fit(text, _canvas.Width), Ink.Strong);
                }
            }
            above = words;
            Label(words, extent, $"“{promise.Phrase}”", Ink.Quiet);
            later = promise;
        }
    }

    private void Through(int row, int column)
    {
        if (_canvas.At(row, column) is ' ' or TodayCell)
        {
            _canvas.Put(row, column, '│', Ink.Quiet);
        }
    }

    /// <summary>To the right of a column, if it fits there.</summary>
    private bool Beside(int row, int column, string text, Ink ink)
    {
        if (!_canvas.IsFree(row, column + 2, text.Length) && !FitsAtEnd(row, column + 2, text.Length))
        {
            return false;
        }
        _canvas.Put(row, column + 2, text, ink);
        return true;
    }

    private bool FitsAtEnd(int row, int column, int length) =>
        column + length <= _canvas.Width && Enumerable.Range(column, length).All(at => _canvas.At(row, at) is ' ' or TodayCell);

    /// <summary>From the bar's first column, or up to its last, or wherever there is room for it; on a row of its own if need be.</summary>
    private void Label(int row, Extent extent, string text, Ink ink)
    {
        var shown = Canvas.Fit(text, _canvas.Width);
        var fromEnd = Math.Max(0, extent.To + 1 - shown.Length);
        var fromStart = extent.From + shown.Length <= _canvas.Width ? extent.From : fromEnd;
        foreach (var column in new[] { extent is { FadesIn: true, FadesOut: false } ? fromEnd : fromStart, fromStart, fromEnd })
        {
            if (FitsAtEnd(row, column, shown.Length) && (column == 0 || _canvas.At(row, column - 1) is ' ' or TodayCell))
            {
                _canvas.Put(row, column, shown, ink);
                return;
            }
        }
        _canvas.Put(Row(), fromStart, shown, ink);
    }

    private static char Faded(Extent extent, int column, char full)
    {
        var steps = Math.Min(Fading.Length, Math.Max(1, (extent.To - extent.From + 1) / 3));
        var (fromStart, fromEnd) = (column - extent.From, extent.To - column);
        return extent.FadesIn && fromStart < steps && (fromStart <= fromEnd || !extent.FadesOut) ? Fading[fromStart * Fading.Length / steps]
            : extent.FadesOut && fromEnd < steps ? Fading[fromEnd * Fading.Length / steps]
            : full;
    }

    private Extent ExtentOf(Window window, LocalDate? since)
    {
        var (from, to) = (window.Earliest, window.Latest) switch
        {
            ({ } earliest, { } latest) => (_scale.Column(earliest), _scale.EndColumn(latest)),
            (null, { } latest) => (Opening(since, latest), _scale.EndColumn(latest)),
            ({ } earliest, null) => (_scale.Column(earliest), _canvas.Width - 1),
            _ => (_today, _canvas.Width - 1),
        };
        if (window.Approximate)
        {
            // the fading edges lie outside the bounds: around September may well be October
            var spread = Math.Max(2, (to - from) / 3);
            (from, to) = (Math.Max(0, from - spread), Math.Min(_canvas.Width - 1, to + spread));
        }
        return new Extent(
            from,
            Math.Max(from, to),
            window.Approximate || window.Earliest is null,
            window.Approximate || window.Latest is null
        );
    }

    /// <summary>A promise without a first day fades in from the day it was made, and never shorter than can be seen.</summary>
    private int Opening(LocalDate? since, LocalDate latest)
    {
        var end = _scale.EndColumn(latest);
        return Math.Clamp(Math.Min(_scale.Column(since ?? _scale.Start), end - 8), 0, end);
    }

    private readonly record struct Extent(int From, int To, bool FadesIn, bool FadesOut);
}
