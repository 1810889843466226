using System.Globalization;

namespace MilestoneWatch.Web.Desk;

/// <summary>What an analyst typed of what happened, by field, so that all of it survives a refused form; an empty field is not there.</summary>
public sealed class EntryForm
{
    /// <summary>Every field that is taken; forecasts have one pair a date.</summary>
    private static readonly string[] Fields =
    [
        "what",
        "status",
        "override",
        "reopen",
        "phrase",
        "fiscal",
        "value",
        "stance",
        "name",
        "relation",
        "means",
        "conflicts",
        .. Enumerable.Range(1, Forecasts).SelectMany(i => new[] { Invariant($"by{i}"), Invariant($"p{i}") }),
        "on",
        "source",
        "publisher",
        "title",
        "published",
        "text",
        "quote",
        "paraphrase",
        "standing",
        "note",
        "revision",
        "seen",
    ];

    /// <summary>How many dates a forecast's form has.</summary>
    public const int Forecasts = 5;

    private readonly Dictionary<string, string> _typed;

    private EntryForm(Dictionary<string, string> typed) => _typed = typed;

    public string? this[string field] => _typed.GetValueOrDefault(field);

    /// <summary>What happened: status, date, progress, evidence, look, forecast or reading; a status unless something else is chosen.</summary>
    public string What => this["what"] ?? "status";

    /// <summary>The revision that the page was made from: what somebody changed since is not overwritten.</summary>
    public int? Revision => int.TryParse(this["revision"], CultureInfo.InvariantCulture, out var revision) ? revision : null;

    /// <summary>The ledger's position at which the page was made.</summary>
    public long? Seen => long.TryParse(this["seen"], CultureInfo.InvariantCulture, out var seen) ? seen : null;

    /// <summary>Reads a sent form, or an address that fills one in.</summary>
    public static EntryForm Read(Func<string, string?> field)
    {
        var typed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Fields)
        {
            // browsers send \r\n
            if (field(name)?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } text)
            {
                typed[name] = text;
            }
        }
        return new EntryForm(typed);
    }

    public EntryForm With(params ReadOnlySpan<(string Field, string Value)> changed)
    {
        var typed = new Dictionary<string, string>(_typed, StringComparer.Ordinal);
        foreach (var (field, value) in changed)
        {
            typed[field] = value;
        }
        return new EntryForm(typed);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
