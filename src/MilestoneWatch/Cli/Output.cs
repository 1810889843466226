using System.Text.Json;
using MilestoneWatch.Postgres;
using Spectre.Console;

namespace MilestoneWatch.Cli;

/// <summary>Where a verb prints: JSON for scripts, tables and colour where a person looks, tab-separated text when piped.</summary>
internal sealed class Output(bool json)
{
    public bool Json => json;

    public static bool ForPeople => !Console.IsOutputRedirected;

    /// <summary>One JSON document on a line of its own, or what people read.</summary>
    public void Write(object document, Action forPeople)
    {
        if (json)
        {
            Console.Out.WriteLine(
                JsonSerializer.Serialize(document, document.GetType(), LedgerJson.Options)
            );
        }
        else
        {
            forPeople();
        }
    }

    /// <summary>For people, and not among a script's JSON.</summary>
    public void Say(string line)
    {
        if (!json)
        {
            Console.Out.WriteLine(line);
        }
    }

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
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(column)}[/]"));
        }
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => Markup.Escape(cell))]);
        }
        AnsiConsole.Write(table);
    }
}
