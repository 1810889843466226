using System.CommandLine;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Cli;

/// <summary>`mw dkim`: keys that mails are signed with, and what the domain publishes for them.</summary>
internal static class DkimVerbs
{
    // RFC 1035 §3.3: a text record is a row of strings no longer than this
    private const int LongestString = 255;

    public static Command Create() => new("dkim", "Keys that mails are signed with (DKIM)") { Generate(), Record() };

    private static Command Generate()
    {
        var file = new Option<string>("--out")
        {
            Description = "The file to write, for this user's eyes only; one that is there stays",
            HelpName = "FILE",
            Required = true,
        };
        var selector = new Option<string>("--selector")
        {
            Description = "The name that the key is published under, such as mw2026",
            HelpName = "S",
            Required = true,
        };
        var domain = new Option<string?>("--domain")
        {
            Description = "The domain that publishes it (that of MW_Mail__From)",
            HelpName = "DOMAIN",
        };
        var edwards = new Option<bool>("--ed25519") { Description = "An Ed25519 key: small and quick, not yet read everywhere" };
        var command = new Command("generate", "Make a key (RSA, 2048 bits), and print the DNS record to publish")
        {
            file,
            selector,
            domain,
            edwards,
        };
        command.RunsBare(
            async (parse, output, ct) =>
            {
                var name = parse.GetRequiredValue(selector);
                if (!DkimOptions.IsSelector(name))
                {
                    throw new RefusedException($"--selector is '{name}': give letters, digits and hyphens, such as mw2026");
                }
                var at = parse.GetValue(domain) ?? DomainOf(Settings.Load());
                var path = parse.GetRequiredValue(file);
                await WriteAsync(path, DkimKey.Generate(parse.GetValue(edwards)), ct);
                var published = Published(new DkimKeyOptions { File = path, Selector = name }, at);
                output.Write(
                    published,
                    () =>
                    {
                        Console.Out.WriteLine($"{path} is written. Publish this, and wait until it can be looked up:");
                        Print(published);
                        Console.Out.WriteLine(
                            $"Then set MW_Dkim__Keys__0__File={path} and MW_Dkim__Keys__0__Selector={name}, and start anew."
                        );
                    }
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Record()
    {
        var command = new Command("record", "Print the DNS record to publish for each configured key");
        command.RunsBare(
            (_, output, _) =>
            {
                var settings = Settings.Load();
                var records = settings.Dkim.Keys.Select(key => Published(key, DomainOf(settings))).ToList();
                if (records.Count == 0)
                {
                    throw new RefusedException(
                        "mails are not signed: `mw dkim generate --out FILE --selector S` makes a key and says what to set"
                    );
                }
                output.Write(records, () => records.ForEach(Print));
                return Task.FromResult(ExitCode.Done);
            }
        );
        return command;
    }

    private static string DomainOf(Settings settings) => settings.Dkim.DomainFor(settings.Mail);

    private static DnsRecord Published(DkimKeyOptions key, string domain) =>
        DkimKey.TryRead(key.File, out var read, out var problem)
            ? new DnsRecord($"{key.Selector}._domainkey.{domain}", "TXT", read.Record)
            : throw new RefusedException($"the key of selector {key.Selector} {problem}");

    private static void Print(DnsRecord record) =>
        Console.Out.WriteLine(
            $"{record.Name}. {record.Type} {string.Join(' ', record.Value.Chunk(LongestString).Select(part => $"\"{new string(part)}\""))}"
        );

    private static async Task WriteAsync(string path, string pem, CancellationToken ct)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            await using var writer = new StreamWriter(path, options);
            await writer.WriteAsync(pem.AsMemory(), ct);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new RefusedException($"{path} is there already, and a key that signed mails is never overwritten: name another file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"{path} cannot be written: {e.Message}");
        }
    }

    private sealed record DnsRecord(string Name, string Type, string Value);
}
