using System.Globalization;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>What is known by day, under the promises: the forecast as a quiet band, evidence and looks as small marks.</summary>
internal static class RecordDrawing
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <param name="row">A new row.</param>
    public static void Draw(WindowPicture picture, Canvas canvas, TimeScale scale, Func<int> row)
    {
        DrawForecast(picture, canvas, scale, row);
        var marks = picture
            .Looks.Select(day => (Day: day, Cell: '╵'))
            .Concat(picture.Evidence.Select(day => (Day: day, Cell: '•')))
            .Where(mark => scale.Shows(mark.Day))
            .ToList();
        if (marks.Count == 0)
        {
            return;
        }
        var at = row();
        foreach (var (day, cell) in marks)
        {
            canvas.Put(at, scale.Column(day), cell, Ink.Accent);
        }
        string?[] legend =
        [
            marks.Exists(mark => mark.Cell == '•') ? "• evidence" : null,
            marks.Exists(mark => mark.Cell == '╵') ? "╵ looked, nothing new" : null,
        ];
        canvas.Put(canvas.AddRow(), 0, Canvas.Fit(string.Join("   ", legend.OfType<string>()), canvas.Width), Ink.Quiet);
    }

    private static void DrawForecast(WindowPicture picture, Canvas canvas, TimeScale scale, Func<int> row)
    {
        var points = picture.Forecast.Where(point => scale.Shows(point.By)).OrderBy(point => point.By).ToList();
        if (points.Count == 0)
        {
            return;
        }
        var at = row();
        var column = Math.Min(scale.Column(LocalDate.Max(picture.Today, scale.Start)), scale.EndColumn(points[0].By));
        foreach (var point in points)
        {
            var level = Levels[(int)Math.Min(Levels.Length - 1, point.Probability * Levels.Length)];
            for (var end = scale.EndColumn(point.By); column <= end; column++)
            {
                canvas.Put(at, column, level, Ink.Quiet);
            }
        }
        var last = points[^1];
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Domain.Words.AboutPercent(last.Probability)} by {DateWords.Long(last.By)}, forecast"
        );
        if (canvas.IsFree(at, column + 1, text.Length))
        {
            canvas.Put(at, column + 1, text, Ink.Quiet);
            return;
        }
        var shown = Canvas.Fit(text, canvas.Width);
        canvas.Put(row(), Math.Max(0, column - shown.Length), shown, Ink.Quiet);
    }
}
