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

    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (!ForPeople)
        {
            foreach (var row in rows)
            {
                Console.Out.WriteLine(string.Join('\t', row));
            }
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
            table.AddRow([.. row.Select(cell => Markup.Escape(cell))]);
        }
        AnsiConsole.Write(table);
    }
}
