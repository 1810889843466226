using System.CommandLine;
using System.CommandLine.Help;
using MilestoneWatch.Record;

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
            // and so does whatever stands behind it
            errors = command.Subcommands.Count > 0 ? errors.Take(1) : errors;
        }
        foreach (var error in errors)
        {
            var word = unknown.FirstOrDefault(word => error.Contains(word, StringComparison.Ordinal));
            Console.Error.WriteLine(
                $"mw: {error}{(word is not null && Meant(word, command) is { } meant ? $" Did you mean {meant}?" : "")}"
            );
        }
        Console.Error.WriteLine($"mw: `{Path(parse)} --help` shows what can be written");
        return ExitCode.Usage;
    }

    /// <summary>The verb or option there that a mistyped one is near to.</summary>
    private static string? Meant(string word, Command command) =>
        NearestSlug.Of(
            word,
            word.StartsWith('-')
                ? command.Options.Append(Verb.Json).SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.Length > 2)
                : command.Subcommands.Select(verb => verb.Name)
        );

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
