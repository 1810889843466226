using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;

namespace MilestoneWatch.Domain.Languages;

/// <summary>
/// A language that readers are written to in: its texts, dates and numbers, all from one file (en.json, fr.json), so that they are the same
/// on every machine. What a file lacks falls back to English.
/// </summary>
/// <remarks>
/// A file is one JSON object: a text, a list, or the "one" and "other" of a count for each key. In a text {name} stands for a value, and
/// {Name} for the same with a capital first letter, so that each language may begin a sentence with it or not.
/// </remarks>
public sealed class Language
{
    private static readonly FrozenDictionary<string, Language> All = Load();

    // the forms of a count are kept as "key|one" and "key|other"
    private readonly FrozenDictionary<string, string> _texts;
    private readonly FrozenDictionary<string, string[]> _lists;

    private Language(string code, Dictionary<string, string> texts, Dictionary<string, string[]> lists)
    {
        Code = code;
        _texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
        _lists = lists.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static Language English => All["en"];

    /// <summary>The codes of ISO 639-1 that we write in, in alphabetical order.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    public string Code { get; }

    /// <summary>What its speakers call it: "Français".</summary>
    public string Name => Say("language.name");

    /// <summary>The language with a code; English for one we lack.</summary>
    public static Language Of(string code) => All.GetValueOrDefault(code) ?? English;

    /// <summary>A language from its file's content.</summary>
    /// <exception cref="JsonException">The content is no such file.</exception>
    public static Language Read(string code, Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var lists = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (key, value) in document.RootElement.EnumerateObject().Select(text => (text.Name, text.Value)))
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    texts.Add(key, value.GetString()!);
                    break;
                case JsonValueKind.Array:
                    lists.Add(key, [.. value.EnumerateArray().Select(item => item.ToString())]);
                    break;
                case JsonValueKind.Object:
                    foreach (var form in value.EnumerateObject())
                    {
                        texts.Add($"{key}|{form.Name}", form.Value.GetString()!);
                    }
                    break;
                default:
                    throw new JsonException($"\"{key}\" in {code} is neither a text, a list nor a count's forms");
            }
        }
        return new Language(code, texts, lists);
    }

    /// <summary>A text by its key, with each {name} in it replaced.</summary>
    /// <exception cref="KeyNotFoundException">Not even English has it, or a value is missing: a slip in the code.</exception>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) => Fill(Text(key), values);

    /// <summary>A text that depends on a count: its "one" or "other", by the language's rule; {n} is the number, {words} the number in words.</summary>
    /// <exception cref="KeyNotFoundException">As for <see cref="Say"/>.</exception>
    public string Count(string key, int count, params ReadOnlySpan<(string Name, string Value)> values)
    {
        // a text that falls back is counted as English counts
        var speaker = _texts.ContainsKey($"{key}|other") ? this : English;
        var one = speaker.List("plural.one").Contains(Math.Abs(count).ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return Fill(speaker.Text($"{key}|{(one ? "one" : "other")}"), [("n", Number(count)), ("words", InWords(count)), .. values]);
    }

    /// <summary>Several things one after the other; the key's text says how {one} and {other} are put side by side.</summary>
    public string Join(string key, IEnumerable<string> items) =>
        items.Aggregate("", (one, other) => one.Length == 0 ? other : Say(key, ("one", one), ("other", other)));

    /// <summary>Somebody's own words, in the language's quotation marks.</summary>
    public string Quoted(string words) => Say("text.quoted", ("words", words));

    /// <summary>"four" up to ten, then "11".</summary>
    public string InWords(int count)
    {
        var words = List("number.words");
        return count >= 0 && count < words.Length ? words[count] : Number(count);
    }

    /// <summary>"1,234.5", at most three decimals.</summary>
    public string Number(decimal value)
    {
        var text = new StringBuilder(value.ToString("#,##0.###", CultureInfo.InvariantCulture));
        // by way of a mark that is neither
        return text.Replace(',', '\0').Replace(".", Say("number.decimal")).Replace("\0", Say("number.group")).ToString();
    }

    /// <summary>"20%", of a share between 0 and 1; at most one decimal.</summary>
    public string Percent(decimal share) => Say("number.percent", ("n", Number(Math.Round(share * 100, 1, MidpointRounding.AwayFromZero))));

    /// <summary>"30 September", its parts held together.</summary>
    public string Day(LocalDate day) => Date("date.day_month", day, "date.months");

    /// <summary>"30 September 2026".</summary>
    public string FullDay(LocalDate day) => Date("date.day_month_year", day, "date.months");

    /// <summary>"30 Sep".</summary>
    public string BriefDay(LocalDate day) => Date("date.day_month", day, "date.months_short");

    /// <summary>"30 Sep 2026".</summary>
    public string BriefFullDay(LocalDate day) => Date("date.day_month_year", day, "date.months_short");

    /// <summary>"30": a month's day alone, 1 to 31.</summary>
    public string DayNumber(int day) => day == 1 ? Say("date.first") : day.ToString(CultureInfo.InvariantCulture);

    /// <summary>"Monday".</summary>
    public string Weekday(IsoDayOfWeek day) => List("date.weekdays")[(int)day - 1];

    /// <summary>"08:00".</summary>
    public string Time(LocalTime time) =>
        Say(
            "date.time",
            ("hour", time.ToString("HH", CultureInfo.InvariantCulture)),
            ("minute", time.ToString("mm", CultureInfo.InvariantCulture))
        );

    /// <summary>With a capital first letter.</summary>
    public static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private string Date(string pattern, LocalDate date, string months) =>
        Say(
            pattern,
            ("day", DayNumber(date.Day)),
            ("month", List(months)[date.Month - 1]),
            ("year", date.Year.ToString(CultureInfo.InvariantCulture))
        );

    private string Text(string key) =>
        _texts.TryGetValue(key, out var text) || English._texts.TryGetValue(key, out text)
            ? text
            : throw new KeyNotFoundException($"no text \"{key}\"");

    private string[] List(string key) => _lists.TryGetValue(key, out var list) ? list : English._lists[key];

    private static string Fill(string text, ReadOnlySpan<(string Name, string Value)> values)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
        {
            return text;
        }
        var filled = new StringBuilder(text.Length + 32);
        for (var at = 0; at < text.Length; )
        {
            var open = text.IndexOf('{', at);
            if (open < 0)
            {
                filled.Append(text, at, text.Length - at);
                break;
            }
            var close = text.IndexOf('}', open);
            filled.Append(text, at, open - at).Append(ValueOf(text.AsSpan(open + 1, close - open - 1), values));
            at = close + 1;
        }
        return filled.ToString();
    }

    private static string ValueOf(ReadOnlySpan<char> name, ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var (known, value) in values)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return char.IsUpper(name[0]) ? Capitalised(value) : value;
            }
        }
        throw new KeyNotFoundException($"no value for {{{name}}}");
    }

    private static FrozenDictionary<string, Language> Load()
    {
        const string Prefix = "languages.";
        var assembly = typeof(Language).Assembly;
        return assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                return Read(name[Prefix.Length..^".json".Length], stream);
            })
            .ToFrozenDictionary(language => language.Code, StringComparer.Ordinal);
    }
}
