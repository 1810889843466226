using System.CommandLine;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>What every analyst's verb takes: when, why, where it was read and who records it.</summary>
internal sealed class AnalystOptions
{
    private const int MostRead = 1 << 20;

    private readonly Option<string?> _on = new("--on")
    {
        Description = "The day it happened (today in the milestone's zone)",
        HelpName = "DATE",
    };
    private readonly Option<string?> _note = new("--note") { Description = "A note in your words; readers see it", HelpName = "TEXT" };
    private readonly Option<string?> _source = new("--source")
    {
        Description = "Where it was read: a URL or a name",
        HelpName = "URL|NAME",
    };
    private readonly Option<string?> _publisher = new("--publisher")
    {
        Description = "Who published it, where the source is a URL (its host)",
        HelpName = "NAME",
    };
    private readonly Option<string?> _title = new("--source-title") { Description = "The title of what was read", HelpName = "TEXT" };
    private readonly Option<string?> _published = new("--published") { Description = "The day it was published", HelpName = "DATE" };
    private readonly Option<string?> _retrieved = new("--retrieved")
    {
        Description = "When it was read (2026-10-01T06:00:00Z)",
        HelpName = "INSTANT",
    };
    private readonly Option<string?> _text = new("--source-text")
    {
        Description = "A file with the text that was read; it is kept, with its SHA-256",
        HelpName = "FILE",
    };
    private readonly Option<bool> _paraphrase = new("--paraphrase") { Description = "The quote tells what the source says in other words" };

    private readonly Option<string?> _quote = new("--quote") { Description = "What the source says, word for word", HelpName = "TEXT" };

    private readonly Option<string?> _standing = new("--standing")
    {
        Description = "confirmed (first-hand), reported (third party), claimed (the promiser's word alone) or unclear",
        HelpName = "STANDING",
    };

    private readonly Option<int?> _revision = new("--revision")
    {
        Description = "The revision that you saw: refused if somebody changed it since",
        HelpName = "N",
    };

    private readonly Option<bool> _yes = Telling.Yes();

    private readonly Option<string?> _as = new("--as") { Description = "Who records it (your login name)", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        _standing.AcceptOnlyFromAmong("confirmed", "reported", "claimed", "unclear");
        foreach (
            var option in new Option[]
            {
                _on,
                _note,
                _source,
                _publisher,
                _title,
                _published,
                _retrieved,
                _text,
                _quote,
                _paraphrase,
                _standing,
                _as,
                _revision,
                _yes,
            }
        )
        {
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            var details = new Option<string?>[] { _publisher, _title, _published, _retrieved, _text };
            if (result.GetValue(_source) is null && details.FirstOrDefault(option => result.GetValue(option) is not null) is { } alone)
            {
                result.AddError($"{alone.Name} tells of a source: name it with --source");
            }
            if (result.GetValue(_paraphrase) && result.GetValue(_quote) is null)
            {
                result.AddError("--paraphrase tells of a quote: give it with --quote");
            }
        });
    }

    /// <summary>Prints what readers will be told of the changes, asks, and records them.</summary>
    public Task<int> RecordAsync(ParseResult parse, Installation mw, Output output, RecordRequest request, CancellationToken ct) =>
        Telling.RunAsync(
            mw,
            output,
            parse.GetValue(_yes),
            parse.GetValue(_revision),
            (revision, look) => mw.Recorder.RecordAsync(request with { Revision = revision ?? request.Revision }, ct, look),
            ct
        );

    /// <summary>The same for a milestone that is new.</summary>
    public Task<int> AddAsync(
        ParseResult parse,
        Installation mw,
        Output output,
        NewMilestone added,
        RecordRequest request,
        CancellationToken ct
    ) => Telling.RunAsync(mw, output, parse.GetValue(_yes), null, (_, look) => mw.Recorder.AddAsync(added, request, ct, look), ct);

    public RecordRequest Request(ParseResult parse, string slug, params IReadOnlyList<Change> changes) =>
        new(slug, changes, Actor(parse))
        {
            HappenedOn = parse.GetValue(_on) is { } on ? Typed.Day("--on", on) : null,
            Note = Typed.Text("--note", parse.GetValue(_note)),
            Source = parse.GetValue(_source) is { } source ? Source(parse, source) : null,
            Quote = Typed.Text("--quote", parse.GetValue(_quote)),
            Verbatim = parse.GetValue(_quote) is not null && !parse.GetValue(_paraphrase),
            Standing = parse.GetValue(_standing) is { } standing ? LedgerJson.ReadEnum<Standing>(standing) : null,
        };

    public string Actor(ParseResult parse) => Typed.Text("--as", parse.GetValue(_as)) ?? Environment.UserName;

    private SourceNamed Source(ParseResult parse, string text)
    {
        var named = Typed.Source("--source", text);
        return named with
        {
            Publisher = Typed.Text("--publisher", parse.GetValue(_publisher)) ?? named.Publisher,
            Title = Typed.Text(_title.Name, parse.GetValue(_title)),
            PublishedOn = parse.GetValue(_published) is { } published ? Typed.Day("--published", published) : null,
            RetrievedAt = parse.GetValue(_retrieved) is { } retrieved ? Typed.At("--retrieved", retrieved) : null,
            Content = parse.GetValue(_text) is { } file ? Read(file) : null,
        };
    }

    private static string Read(string file)
    {
        try
        {
            var bytes = new FileInfo(file) is { Length: > MostRead } ? throw TooLong(file) : File.ReadAllBytes(file);
            var text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw new RefusedException($"--source-text {file} is no text: it holds a NUL")
                : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.DecoderFallbackException)
        {
            throw new RefusedException($"--source-text {file} cannot be read as UTF-8 text: {e.Message}");
        }
    }

    private static RefusedException TooLong(string file) =>
        new($"--source-text {file} is longer than a megabyte: keep the part that says it");
}
