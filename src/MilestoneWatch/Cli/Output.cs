using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MilestoneWatch.Postgres;
using Spectre.Console;

namespace MilestoneWatch.Cli;

/// <summary>Where a verb prints: JSON for scripts, tables and colour where a person looks, tab-separated text when piped.</summary>
internal sealed class Output(bool json)
{
    // a script finds every key, always
    private static readonly JsonSerializerOptions WithNulls = new(LedgerJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    // a column narrower than this breaks words
    private const int LeastColumn = 16;

    private int _progress;

    public bool Json => json;

    public static bool ForPeople => !Console.IsOutputRedirected;

    /// <summary>A person types: piped input is never waited for.</summary>
    public static bool Asks => !Console.IsInputRedirected;

    /// <summary>One JSON document on a line of its own, or what people read.</summary>
    public void Write(object document, Action forPeople)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(document, document.GetType(), WithNulls));
        }
        else
        {
            forPeople();
        }
    }

    /// <summary>For people, and not among a script's JSON.</summary>
    public void Say(string line)
    {
        Progress("");
        if (!json)
        {
            Console.Out.WriteLine(line);
        }
    }

    /// <summary>What goes on, on a line that the next replaces; only where a person looks.</summary>
    public void Progress(string line)
    {
        if (json || !ForPeople || (line.Length == 0 && _progress == 0))
        {
            return;
        }
        Console.Out.Write($"\r{line.PadRight(_progress)}{(line.Length == 0 ? "\r" : "")}");
        _progress = line.Length;
    }

    /// <summary>Standard output for many lines: written when full, flushed or disposed.</summary>
    public static StreamWriter Lines() => new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);

    public static void Notice(string line) => Console.Error.WriteLine(line);

    /// <summary>How wide a page may be: the terminal's width, and 80 where nobody looks or it is not known.</summary>
    public static int Width => ForPeople && AnsiConsole.Profile.Width is > 0 and var width ? width : 80;

    /// <summary>Drawn lines, in colour where a person looks at a terminal that has it.</summary>
    public static void Lines(IEnumerable<DrawnLine> lines)
    {
        foreach (var line in lines)
        {
            if (!ForPeople)
            {
                Console.Out.WriteLine(line.Text);
                continue;
            }
            var paragraph = new Paragraph();
            foreach (var (text, ink) in line.Runs())
            {
                paragraph.Append(text, StyleOf(ink));
            }
            AnsiConsole.Write(paragraph);
            AnsiConsole.WriteLine();
        }
    }

    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Table(columns, rows.Select(row => (IReadOnlyList<Cell>)[.. row.Select(text => new Cell(text))]));

    /// <summary>A row a line, between tabs; a table where a person looks, or a block a row where it would be too narrow to read.</summary>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        if (!ForPeople)
        {
            foreach (var row in rows)
            {
                Console.Out.WriteLine(string.Join('\t', row.Select(cell => OneLine(cell.Text))));
            }
            return;
        }
        if (Width < columns.Count * LeastColumn)
        {
            Blocks(columns, rows);
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            // what a row is called by stays whole, to be copied
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(column)}[/]") { NoWrap = table.Columns.Count == 0 });
        }
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, StyleOf(cell))));
        }
        AnsiConsole.Write(table);
    }

    private static void Blocks(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        var side = columns.Skip(1).Max(column => column.Length) + 4;
        foreach (var row in rows)
        {
            AnsiConsole.Write(new Text(row[0].Text, new Style(decoration: Decoration.Bold)));
            AnsiConsole.WriteLine();
            foreach (var (column, cell) in columns.Zip(row).Skip(1))
            {
                var heading = $"  {column}".PadRight(side);
                foreach (var line in Sheet.Wrap(cell.Text, Width - side))
                {
                    AnsiConsole.Write(new Text(heading, StyleOf(Ink.Quiet)));
                    AnsiConsole.Write(new Text(line, StyleOf(cell)));
                    AnsiConsole.WriteLine();
                    heading = new string(' ', side);
                }
            }
            AnsiConsole.WriteLine();
        }
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static Style StyleOf(Cell cell) => cell.Style is { } style ? Style.Parse(style) : Style.Plain;

    // from the sixteen colours, which every terminal's own palette makes readable
    private static Style StyleOf(Ink ink) =>
        ink switch
        {
            Ink.Strong => new Style(decoration: Decoration.Bold),
            Ink.Quiet => new Style(Color.Grey),
            Ink.Accent => new Style(Color.Teal),
            Ink.Today => new Style(Color.Teal, decoration: Decoration.Bold),
            Ink.Look => new Style(Color.Olive, decoration: Decoration.Bold),
            _ => Style.Plain,
        };
}
