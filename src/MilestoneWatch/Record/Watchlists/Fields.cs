using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// The fields of one mapping. Reading a key makes it known; <see cref="RefuseTheRest"/> refuses the others.
/// A value that is refused reads as a placeholder, since nothing of a refused file is used.
/// </summary>
internal sealed class Fields(YamlNode node, Refusals refusals)
{
    public const int MaxText = 4000;
    private static readonly YamlNode Nothing = new(0);
    private readonly SortedSet<string> known = new(StringComparer.Ordinal);

    public int Line => node.Line;

    public int LineOf(string key) => node.Entries!.GetValueOrDefault(key)?.KeyLine ?? node.Line;

    public IReadOnlyDictionary<string, int> KeyLines() =>
        node.Entries!.ToDictionary(entry => entry.Key, entry => entry.Value.KeyLine, StringComparer.Ordinal);

    public bool Has(string key) => node.Entries!.TryGetValue(key, out var value) && !value.IsNull;

    public void Refuse(string key, string message) =>
        refusals.Add(node.Entries?.GetValueOrDefault(key)?.Line ?? node.Line, node, key, message);

    public void RefuseItem(string message) => refusals.Add(node, message);

    public string Required(string key) => TextOf(Ask(key, required: true), MaxText) ?? "";

    public string? Text(string key, bool required = false, int most = MaxText) => TextOf(Ask(key, required), most);

    /// <summary>A text that may run over several lines.</summary>
    public string? Prose(string key) => TextOf(Ask(key), MaxText, lines: true);

    /// <summary>Refuses where the key is left out; null, which says that it is not known, will do.</summary>
    public void MustStand(string key)
    {
        if (!node.Entries!.ContainsKey(key))
            Refuse(key, $"is missing; add `{key}: …` here, or null where it is not known");
    }

    public string Slug(string key)
    {
        var text = Required(key);
        if (text.Length > 0 && !Slugs.IsOne(text))
            Refuse(key, $"`{Slugs.Clip(text)}` is no slug: use {Slugs.Rule}");
        return text;
    }

    public bool Flag(string key, bool required = false)
    {
        var text = TextOf(Ask(key, required), MaxText);
        if (text is not (null or "true" or "false"))
            Refuse(key, $"`{Slugs.Clip(text)}` is neither true nor false");
        return text is "true";
    }

    public LocalDate? Date(string key)
    {
        if (TextOf(Ask(key), MaxText) is not { } text)
            return null;
        var parsed = LocalDatePattern.Iso.Parse(text);
        if (parsed.Success && parsed.Value.Year is >= 1900 and <= 2200)
            return parsed.Value;
        Refuse(key, $"`{Slugs.Clip(text)}` is no day of the calendar from 1900 to 2200; write it as 2026-05-28");
        return default(LocalDate);
    }

    public decimal? Number(string key, bool required = false)
    {
        if (TextOf(Ask(key, required), MaxText) is not { } text)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e15m)
            return Plain(number);
        Refuse(key, $"`{Slugs.Clip(text)}` is no number from 0 to below 10^15; write digits, with a point for decimals");
        return null;
    }

    /// <summary>The same number without zeros at its end: 40.0 is said as 40.</summary>
    public static decimal Plain(decimal number) => number / 1.0000000000000000000000000000m;

    public int? Whole(string key, int least, int most)
    {
        var number = Number(key);
        if (number is null || IsWhole(number.Value, least, most))
            return (int?)number;
        Refuse(key, WholeRule(least, most));
        return null;
    }

    /// <summary>A list of whole numbers; null where it is left out, which is not the same as empty.</summary>
    public IReadOnlyList<int>? Wholes(string key, int least, int most)
    {
        if (!Has(key))
        {
            known.Add(key);
            return null;
        }
        var numbers = new List<int>();
        foreach (var item in Items(key))
        {
            if (
                TextOf(item, MaxText) is { } text
                && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && IsWhole(number, least, most)
                && !numbers.Contains((int)number)
            )
                numbers.Add((int)number);
            else
                refusals.Add(item, WholeRule(least, most) + ", each there once");
        }
        return numbers;
    }

    private static bool IsWhole(decimal number, int least, int most) =>
        number == decimal.Truncate(number) && number >= least && number <= most;

    private static string WholeRule(int least, int most) =>
        string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most:N0}, or null");

    /// <summary>One of the words; null where it is none of them or left out.</summary>
    public T? Word<T>(string key, IReadOnlyDictionary<string, T> words, bool required = false)
        where T : struct
    {
        if (TextOf(Ask(key, required), MaxText) is not { } text)
            return null;
        if (words.TryGetValue(text, out var value))
            return value;
        Refuse(key, $"`{Slugs.Clip(text)}` is unknown{Instead(text, [.. words.Keys])}");
        return null;
    }

    /// <summary>A word that names one of the candidates, such as a source.</summary>
    public string? Reference(string key, string what, IReadOnlySet<string> candidates, bool required = false)
    {
        var text = TextOf(Ask(key, required), MaxText);
        if (text is not null && !candidates.Contains(text))
            Refuse(key, NoSuch(what, text, candidates));
        return text;
    }

    public string ReferenceRequired(string key, string what, IReadOnlySet<string> candidates) =>
        Reference(key, what, candidates, required: true) ?? "";

    /// <summary>A list of texts, each there once and, where candidates are given, one of them.</summary>
    public IReadOnlyList<string> Texts(string key, string what, IReadOnlySet<string>? candidates = null)
    {
        var texts = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var item in Items(key))
        {
            if (TextOf(item, MaxText) is not { } text)
            {
                if (item is { IsNull: true, Refused: false })
                    refusals.Add(item, "is empty; write it out or remove it");
            }
            else if (candidates?.Contains(text) == false)
                refusals.Add(item, NoSuch(what, text, candidates));
            else if (!texts.TryAdd(text, true))
                refusals.Add(item, $"`{Slugs.Clip(text)}` is listed twice; keep one");
        }
        return [.. texts.Keys];
    }

    /// <summary>The keys beside this one whose wording is ours.</summary>
    public IReadOnlySet<string> Ours() =>
        Texts("ours", "key beside it", node.Entries!.Keys.Where(k => k is not "ours").ToHashSet(StringComparer.Ordinal))
            .ToHashSet(StringComparer.Ordinal);

    public T? Group<T>(string key, Func<Fields, T> read, bool required = false)
        where T : class => Ask(key, required) is { } value ? Read(value, read) : null;

    public IReadOnlyList<T> List<T>(string key, Func<Fields, T> read, bool required = false)
        where T : class => [.. Items(key, required).Select(item => Read(item, read)).OfType<T>()];

    /// <summary>A mapping from names to mappings.</summary>
    public IEnumerable<(string Name, T Value)> Named<T>(string key, Func<string, Fields, T> read)
        where T : class
    {
        foreach (var (name, value) in Entries(key))
        {
            if (Read(value, fields => read(name, fields)) is { } item)
                yield return (name, item);
        }
    }

    public IEnumerable<string> KeysOf(string key) => node.Entries!.GetValueOrDefault(key)?.Entries?.Keys ?? Enumerable.Empty<string>();

    /// <summary>A mapping from names to words.</summary>
    public IReadOnlyDictionary<string, T> Words<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct =>
        ByName(
            key,
            "from names to words, such as {renewal: counts}",
            (fields, name) => fields.Word(name, words, required: true) ?? default
        );

    /// <summary>A mapping from names to texts.</summary>
    public IReadOnlyDictionary<string, string> TextByName(string key) =>
        ByName(key, "from names to names, such as {BNP: BNP Paribas}", (fields, name) => fields.Required(name));

    private Dictionary<string, T> ByName<T>(string key, string such, Func<Fields, string, T> read)
    {
        if (Ask(key) is not { } value)
            return [];
        if (value.Entries is null)
        {
            refusals.Add(value, $"must be a mapping {such}");
            return [];
        }
        var fields = new Fields(value, refusals);
        return value.Entries.Keys.ToDictionary(name => name, name => read(fields, name), StringComparer.Ordinal);
    }

    public void RefuseTheRest()
    {
        foreach (var (key, value) in node.Entries!)
        {
            if (!known.Contains(key))
                refusals.Add(value.KeyLine, node, key, $"this key is unknown{Instead(key, known)}");
        }
    }

    private Dictionary<string, YamlNode> Entries(string key)
    {
        if (Ask(key) is not { } value)
            return [];
        if (value.Entries is { } entries)
            return entries;
        refusals.Add(value, "must be a mapping from names to mappings");
        return [];
    }

    private List<YamlNode> Items(string key, bool required = false)
    {
        if (Ask(key, required) is not { } value)
            return [];
        if (value.Items is { } items)
            return items;
        refusals.Add(value, "must be a list; start each item with a dash");
        return [];
    }

    private T? Read<T>(YamlNode item, Func<Fields, T> read)
        where T : class
    {
        if (item.Refused)
            return null;
        if (item.Entries is null)
        {
            refusals.Add(item, "must be a mapping of keys to values");
            return null;
        }
        var fields = new Fields(item, refusals);
        var value = read(fields);
        fields.RefuseTheRest();
        return value;
    }

    private YamlNode? Ask(string key, bool required = false)
    {
        known.Add(key);
        var value = node.Entries!.GetValueOrDefault(key);
        if (required && (value ?? Nothing) is { IsNull: true, Refused: false })
            refusals.Add(value?.Line ?? node.Line, node, key, $"is missing; add `{key}: …` here");
        return value is null or { Refused: true } or { IsNull: true } ? null : value;
    }

    private string? TextOf(YamlNode? value, int most, bool lines = false)
    {
        if (value is null or { Refused: true } or { IsNull: true })
            return null;
        var text = value.Text?.Trim();
        if (lines)
            text = text?.ReplaceLineEndings("\n");
        var wrong = text switch
        {
            null => "must be text, not a list or a mapping",
            "" => "is empty; write it out, or null",
            _ when text.Length > most => $"is {text.Length} characters long; {most} at most",
            _ when text.AsSpan().IndexOfAny('\r', '\n', '\t') >= 0 && !(lines && text.AsSpan().IndexOfAny('\r', '\t') < 0) =>
                "holds a line break or a tab; keep it to one line (`>-` folds a long one)",
            _ => null,
        };
        if (wrong is null)
            return text;
        refusals.Add(value, wrong);
        return null;
    }

    private string NoSuch(string what, string text, IReadOnlySet<string> candidates) =>
        $"there is no {what} `{Slugs.Clip(text)}`{Instead(text, candidates)}";

    private string Instead(string word, IReadOnlyCollection<string> candidates) =>
        refusals.Full ? ""
        : Slugs.Nearest(word, candidates) is { } nearest ? $"; did you mean `{nearest}`?"
        : candidates.Count is > 0 and <= 20 ? $"; use one of: {string.Join(", ", candidates)}"
        : "";
}
