using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MilestoneWatch.Bounces;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Cli;

/// <summary>`mw bounce …`: what came back, and what is read in it.</summary>
internal static class BounceVerbs
{
    public static Command Create() => new("bounce", "What came back: bounces and complaints") { Classify(), Read() };

    private static Command Classify()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Messages as they came, one a file (- for standard input)",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("classify", "Say what is read in messages, and touch nothing; exits 1 if a file cannot be read")
        {
            files,
        };
        command.RunsBare(
            async (parse, output, ct) =>
            {
                var unread = false;
                var rows = output.Json || !Output.ForPeople ? null : new List<IReadOnlyList<string>>();
                await using var lines = Output.Lines();
                foreach (var file in parse.GetRequiredValue(files))
                {
                    byte[] bytes;
                    try
                    {
                        bytes = await BytesAsync(file, ct);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        Console.Error.WriteLine($"mw: {file} cannot be read: {e.Message}");
                        unread = true;
                        continue;
                    }
                    var reading = BounceReader.Read(bytes);
                    if (output.Json)
                    {
                        lines.WriteLine(Json(file, reading));
                        continue;
                    }
                    string[] row = [file, reading.Word, reading.Recipient ?? "—", reading.Status ?? "—", reading.Diagnostic ?? "—"];
                    rows?.Add(row);
                    if (rows is null)
                    {
                        lines.WriteLine(string.Join('\t', row));
                    }
                }
                if (rows is { Count: > 0 })
                {
                    Output.Table(["File", "Kind", "Recipient", "Status", "Diagnostic"], rows);
                }
                return unread ? ExitCode.Refused : ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Read()
    {
        var command = new Command("read", "Read the mailbox that bounces come back to, once");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                if (mw.Settings.Bounces.Host.Length == 0)
                {
                    throw new RefusedException("no mailbox is configured: set MW_Bounces__Host, __User and __Password");
                }
                while (await mw.Bounces.RunOnceAsync(ct)) { }
                output.Write(
                    new { read = mw.Bounces.Seen, trouble = mw.Bounces.Trouble },
                    () => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mw.Bounces.Seen} messages read."))
                );
                if (mw.Bounces.Trouble is { } trouble)
                {
                    Output.Notice($"mw: {trouble}");
                    return ExitCode.Down;
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<byte[]> BytesAsync(string file, CancellationToken ct)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, ct);
        }
        await using var input = Console.OpenStandardInput();
        using var memory = new MemoryStream();
        await input.CopyToAsync(memory, ct);
        return memory.ToArray();
    }

    // nulls are part of the contract: every key is always there
    private static string Json(string file, BounceReading reading) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["file"] = file,
                ["kind"] = reading.Word,
                ["recipient"] = reading.Recipient,
                ["status"] = reading.Status,
                ["diagnostic"] = reading.Diagnostic,
            },
            LedgerJson.Options
        );
}
