using System.CommandLine;
using System.CommandLine.Help;

namespace MilestoneWatch.Cli;

/// <summary>What is said of a command line that cannot be read: on stderr, so that a script's output stays clean.</summary>
internal static class Usage
{
    public static int Explain(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens;
        if (command.Subcommands.Count > 0 && command.Action is null && unknown.Count == 0)
        {
            // a group named without a verb: its verbs are the answer
            new HelpAction().Invoke(parse);
            return ExitCode.Usage;
        }
        var errors = parse.Errors.Select(error => error.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal));
        if (unknown.Count > 0)
        {
            // that a verb is missing follows from the word that is none
            errors = errors.Where(error => unknown.Any(word => error.Contains(word, StringComparison.Ordinal)));
        }
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"mw: {error}");
        }
        Console.Error.WriteLine($"mw: `{Path(parse)} --help` shows what can be written");
        return ExitCode.Usage;
    }

    private static string Path(ParseResult parse)
    {
        var names = new List<string>();
        for (var result = parse.CommandResult; result.Parent is not null; result = (System.CommandLine.Parsing.CommandResult)result.Parent)
        {
            names.Insert(0, result.Command.Name);
        }
        return string.Join(' ', names.Prepend("mw"));
    }
}
