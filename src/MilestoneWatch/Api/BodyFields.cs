using System.Globalization;
using System.Text.Json;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>
/// The members of one object of a body, each read once and named by its path where it cannot be. Null is the same as not there, so that what
/// was read can be sent back.
/// </summary>
internal sealed class BodyFields
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _at;

    /// <param name="element">The object.</param>
    /// <param name="at">Its path; empty for the body itself.</param>
    /// <param name="known">The members that it may have; null for any.</param>
    /// <exception cref="BadBodyException">It is none, or has a member twice, or one that nobody knows.</exception>
    public BodyFields(JsonElement element, string at, IReadOnlyCollection<string>? known)
    {
        _at = at;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new BadBodyException(
                at.Length == 0 ? null : at,
                $"{Called} is no object",
                known is null ? "write it as {…}" : $"write {{…}} with {string.Join(", ", known)}"
            );
        }
        foreach (var member in element.EnumerateObject())
        {
            var name = Read(at.Length == 0 ? "a member's name" : $"a member's name in {at}", () => member.Name);
            var shown = Asked.Shown(name);
            if (known?.Contains(name, StringComparer.Ordinal) == false)
            {
                var takes = $"{Called} takes {string.Join(", ", known)}";
                throw new BadBodyException(
                    Path(shown),
                    $"there is no member \"{shown}\" in {Called}",
                    NearestSlug.Of(shown, known) is { } meant ? $"did you mean {meant}? {takes}" : $"leave it out: {takes}"
                );
            }
            if (!_members.TryAdd(name, member.Value))
            {
                throw new BadBodyException(Path(shown), $"{Path(shown)} is there twice", "give it once");
            }
        }
    }

    public IEnumerable<string> Names => _members.Keys;

    private string Called => _at.Length == 0 ? "the body" : _at;

    /// <summary>A member's path, as problems name it.</summary>
    public string Path(string name) => _at.Length == 0 ? name : $"{_at}.{name}";

    public bool Has(string name) => _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text of at most the characters that may go on record, as it is read at every other door; null where there is none.</summary>
    public string? Text(string name) => Text(name, text => Typed.Text(Path(name), text)!);

    /// <summary>A text that something else is read from; null where there is none.</summary>
    /// <param name="name">The member.</param>
    /// <param name="read">Reads it, or throws a <see cref="RefusedException"/>.</param>
    public T? Text<T>(string name, Func<string, T> read)
        where T : class => Has(name) ? Typing(name, () => read(Short(name, String(name)))) : null;

    public T? Value<T>(string name, Func<string, T> read)
        where T : struct => Has(name) ? Typing(name, () => read(Short(name, String(name)))) : null;

    /// <summary>A text as long as the body, for a source's own words.</summary>
    public string? Long(string name)
    {
        var text = Has(name) ? String(name) : null;
        return text?.Contains('\0', StringComparison.Ordinal) == true ? throw Bad(name, $"{Path(name)} holds a NUL", "send text") : text;
    }

    /// <summary>One of an enum's words.</summary>
    public T? Word<T>(string name)
        where T : struct, Enum => Word(name, Enum.GetValues<T>());

    public T? Word<T>(string name, IReadOnlyCollection<T> allowed)
        where T : struct, Enum
    {
        if (!Has(name))
        {
            return null;
        }
        var words = allowed.ToDictionary(LedgerJson.WriteEnum, StringComparer.Ordinal);
        var text = String(name);
        if (words.TryGetValue(text, out var value))
        {
            return value;
        }
        var meant = NearestSlug.Of(Asked.Shown(text), words.Keys) is { } near ? $"did you mean \"{near}\"? " : "";
        throw Bad(
            name,
            $"{Path(name)} \"{Asked.Shown(text)}\" is no word that it takes",
            $"{meant}it is one of {string.Join(", ", words.Keys)}"
        );
    }

    public bool? Truth(string name) =>
        !Has(name) ? null
        : _members[name].ValueKind is JsonValueKind.True or JsonValueKind.False ? _members[name].GetBoolean()
        : throw Bad(name, $"{Path(name)} is neither true nor false", "write true or false, without quotes");

    public int? Whole(string name, int least = 0, int most = int.MaxValue) =>
        !Has(name) ? null
        : _members[name] is { ValueKind: JsonValueKind.Number } number
        && number.TryGetInt32(out var whole)
        && whole >= least
        && whole <= most
            ? whole
        : throw Bad(
            name,
            $"{Path(name)} is no whole number{(most < int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $" from {least} to {most}") : "")}",
            "write digits, without quotes"
        );

    public long? Position(string name) =>
        !Has(name) ? null
        : _members[name] is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var position) && position > 0 ? position
        : throw Bad(name, $"{Path(name)} is no position", "write an entry's position, without quotes: the history has it");

    /// <summary>A number in digits, with a point for decimals, as it is typed at every other door.</summary>
    public decimal? Number(string name, Func<string, decimal>? read = null) =>
        !Has(name) ? null
        : _members[name] is { ValueKind: JsonValueKind.Number } number
            ? Typing(name, () => (read ?? (text => Typed.Quantity(Path(name), text)))(Asked.Shown(number.GetRawText())))
        : throw Bad(name, $"{Path(name)} is no number", "write digits, with a point for decimals, without quotes");

    public BodyFields? Object(string name, params string[]? known) => Has(name) ? new BodyFields(_members[name], Path(name), known) : null;

    /// <summary>The items of a list; none where there is none.</summary>
    public IReadOnlyList<(JsonElement Item, string At)> List(string name, int most)
    {
        if (!Has(name))
        {
            return [];
        }
        var list = _members[name];
        return list.ValueKind != JsonValueKind.Array ? throw Bad(name, $"{Path(name)} is no list", "write it as […]")
            : list.GetArrayLength() > most
                ? throw Bad(
                    name,
                    string.Create(CultureInfo.InvariantCulture, $"{Path(name)} has more than {most} items"),
                    "send fewer at once"
                )
            : [.. list.EnumerateArray().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{Path(name)}[{i}]")))];
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        [
            .. List(name, 1000)
                .Select(item =>
                    item.Item.ValueKind != JsonValueKind.String
                        ? throw new BadBodyException(item.At, $"{item.At} is no text", "write it in quotes")
                        : Typing(item.At, item.At, () => Typed.Text(item.At, Read(item.At, item.Item.GetString))!)
                ),
        ];

    public JsonElement Raw(string name) => _members[name];

    /// <summary>For a member that there has to be.</summary>
    public BadBodyException Missing(string name, string whatToDo) => Bad(name, $"{Path(name)} is missing", whatToDo);

    public BadBodyException Bad(string name, string detail, string whatToDo) => new(Path(name), detail, whatToDo);

    private string String(string name) =>
        _members[name].ValueKind == JsonValueKind.String
            ? Read(Path(name), _members[name].GetString)
            : throw Bad(name, $"{Path(name)} is no text", "write it in quotes");

    private string Short(string name, string text) =>
        text.Length <= Wording.Longest
            ? text
            : throw Bad(
                name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path(name)} takes 1 to {Wording.Longest:N0} characters; this has {text.Length}"
                ),
                "say it shorter"
            );

    private T Typing<T>(string name, Func<T> read) => Typing(Path(name), Path(name), read);

    private static T Typing<T>(string path, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RefusedException e)
        {
            throw new BadBodyException(path, e.Message, $"mend {what} and send it again; nothing was recorded");
        }
    }

    // half a letter reads as JSON, and is no text
    private static string Read(string what, Func<string?> text)
    {
        try
        {
            return text()!;
        }
        catch (InvalidOperationException)
        {
            throw new BadBodyException(null, $"{what} has half a character in it", "write whole characters");
        }
    }
}
