using System.CommandLine;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>`mw window parse`: how a promise's date is read.</summary>
internal static class WindowVerbs
{
    public static Command Create()
    {
        var phrases = new Argument<string[]>("PHRASE")
        {
            Description = "Dates as printed, such as \"by late 2027\"",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var file = new Option<string?>("--file")
        {
            Description = "Read phrases from a file, one a line (- for standard input); blank lines are skipped",
            HelpName = "F",
        };
        var on = new Option<string?>("--on") { Description = "The day of the promise, for relative phrases (today)", HelpName = "DATE" };
        var fiscal = PromiseVerbs.Fiscal();
        var parseVerb = new Command("parse", "Say how phrases are read; exits 1 if any was refused") { phrases, file, on, fiscal };
        parseVerb.Validators.Add(result =>
        {
            if (result.GetValue(phrases) is not { Length: > 0 } && result.GetValue(file) is null)
            {
                result.AddError("give a PHRASE, or --file F (- for standard input)");
            }
        });
        parseVerb.RunsBare(
            async (parse, output, ct) =>
            {
                var day = parse.GetValue(on) is { } text
                    ? Typed.Day("--on", text)
                    : Hosting.Settings.Load().Clock().GetCurrentInstant().InUtc().Date;
                var starts = parse.GetValue(fiscal);
                var refused = false;
                // a table's columns need all its rows; piped, each answer goes out in turn
                var rows = output.Json || !Output.ForPeople ? null : new List<IReadOnlyList<string>>();
                await using var lines = Output.Lines();
                await foreach (var phrase in PhrasesAsync(parse.GetValue(phrases) ?? [], parse.GetValue(file), lines, ct))
                {
                    var known = PhraseReader.TryRead(phrase, day, starts, out var window, out var error);
                    refused |= !known;
                    if (output.Json)
                    {
                        lines.WriteLine(PhraseJson.Of(phrase, window, error));
                        continue;
                    }
                    var row = known ? Row(phrase, window!) : [phrase, "refused", "", "", Typed.Explain(phrase, error!)];
                    rows?.Add(row);
                    if (rows is null)
                    {
                        lines.WriteLine(string.Join('\t', row));
                    }
                }
                if (rows is not null)
                {
                    Output.Table(["Phrase", "Earliest", "Latest", "Precision", "Notes"], rows);
                }
                return refused ? ExitCode.Refused : ExitCode.Done;
            }
        );
        return new Command("window", "How a promise's date is read") { parseVerb };
    }

    private static async IAsyncEnumerable<string> PhrasesAsync(
        string[] phrases,
        string? file,
        StreamWriter answers,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var phrase in phrases)
        {
            yield return phrase;
        }
        if (file is null)
        {
            yield break;
        }
        if (file != "-" && !File.Exists(file))
        {
            throw new Hosting.RefusedException($"{file} cannot be read: there is no such file");
        }
        using var reader = new StreamReader(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file), bufferSize: 1 << 16);
        while (true)
        {
            var next = reader.ReadLineAsync(ct);
            if (!next.IsCompleted)
            {
                await answers.FlushAsync(ct);
            }
            if (await next is not { } line)
            {
                yield break;
            }
            if (line.Trim() is { Length: > 0 } phrase)
            {
                yield return phrase;
            }
        }
    }

    private static List<string> Row(string phrase, Window window)
    {
        var notes = new List<string>();
        if (window.Approximate)
        {
            notes.Add("approximate");
        }
        if (window.Alternative is { } other)
        {
            notes.Add($"ambiguous: or {Bounds(other.Earliest, other.Latest)}");
        }
        return [phrase, Day(window.Earliest), Day(window.Latest), LedgerJson.WriteEnum(window.Precision), string.Join("; ", notes)];
    }

    private static string Bounds(LocalDate? earliest, LocalDate? latest) =>
        earliest is null ? $"until {Day(latest)}"
        : latest is null ? $"from {Day(earliest)}"
        : $"{Day(earliest)} to {Day(latest)}";

    private static string Day(LocalDate? day) => day is { } known ? NodaTime.Text.LocalDatePattern.Iso.Format(known) : "—";
}
