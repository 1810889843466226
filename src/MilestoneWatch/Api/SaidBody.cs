using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Api;

/// <summary>What may stand beside every change: when, why, and where it was read.</summary>
internal static class SaidBody
{
    public static readonly IReadOnlyList<string> Members = ["happened_on", "note", "source", "quote", "verbatim", "standing"];

    private static readonly string[] SourceMembers = ["publisher", "title", "url", "published_on", "retrieved_at", "content"];

    /// <summary>A request without its changes. Who records it is the token's, whatever a body says.</summary>
    public static RecordRequest Read(BodyFields body, string slug, string analyst)
    {
        var quote = body.Text("quote");
        if (body.Has("verbatim") && quote is null)
        {
            throw body.Bad("verbatim", "verbatim tells of a quote, and there is none", "give the quote, or leave verbatim out");
        }
        return new RecordRequest(slug, [], analyst)
        {
            HappenedOn = Day(body, "happened_on"),
            Note = body.Text("note"),
            Source = Source(body),
            Quote = quote,
            Verbatim = quote is not null && body.Truth("verbatim") != false,
            Standing = body.Word<Standing>("standing"),
        };
    }

    private static SourceNamed? Source(BodyFields body)
    {
        if (!body.Has("source"))
        {
            return null;
        }
        if (body.Raw("source").ValueKind == System.Text.Json.JsonValueKind.String)
        {
            return body.Text("source", text => Typed.Source(body.Path("source"), text));
        }
        var source = body.Object("source", SourceMembers)!;
        var url = source.Text("url", text => Typed.Source(source.Path("url"), text));
        if (url is { Url: null })
        {
            throw source.Bad("url", $"{source.Path("url")} is no web address", "write it as https://example.org/news, or leave it out");
        }
        var publisher = source.Text("publisher") ?? url?.Publisher ?? throw source.Missing("publisher", "say who published it");
        return new SourceNamed(publisher, source.Text("title"), url?.Url, Day(source, "published_on"))
        {
            RetrievedAt = source.Value("retrieved_at", text => Typed.At(source.Path("retrieved_at"), text)),
            Content = source.Long("content"),
        };
    }

    private static LocalDate? Day(BodyFields body, string name) => body.Value(name, text => Typed.Day(body.Path(name), text));
}
