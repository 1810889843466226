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
public sealed class Language
{
    private static readonly FrozenDictionary<string, Language> All = Load();

    private readonly Dictionary<string, JsonElement> _texts;

    private Language(string code, Dictionary<string, JsonElement> texts)
    {
        Code = code;
        _texts = texts;
    }

    public static Language English => All["en"];

    /// <summary>The codes of ISO 639-1 that we write in, in alphabetical order.</summary>
    public static IReadOnlyList<string> Codes { get; } = [.. All.Keys.Order(StringComparer.Ordinal)];

    public string Code { get; }

    /// <summary>What its speakers call it: "Français".</summary>
    public string Name => Say("language.name");

    /// <summary>The language with a code; English for one we lack.</summary>
    public static Language Of(string code) => All.GetValueOrDefault(code) ?? English;

    /// <summary>A text by its key, with each {name} in it replaced.</summary>
    /// <exception cref="KeyNotFoundException">Not even English has it: a slip in the code.</exception>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) => Fill(Find(key).GetString()!, values);

    /// <summary>A text that depends on a count: its "one" or "other", by the language's rule, with {n} as the number.</summary>
    public string Count(string key, decimal count, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var one = Find("plural.one").EnumerateArray().Any(number => number.GetDecimal() == Math.Abs(count));
        return Fill(Find(key).GetProperty(one ? "one" : "other").GetString()!, [("n", Number(count)), .. values]);
    }

    /// <summary>"four" up to ten, then "11".</summary>
    public string InWords(int count)
    {
        var words = Find("number.words");
        return count >= 0 && count < words.GetArrayLength() ? words[count].GetString()! : Number(count);
    }

    /// <summary>"1,234.5", at most three decimals.</summary>
    public string Number(decimal value)
    {
        var text = new StringBuilder(value.ToString("#,##0.###", CultureInfo.InvariantCulture));
        // by way of a mark that is neither
        return text.Replace(',', '\0').Replace(".", Say("number.decimal")).Replace("\0", Say("number.group")).ToString();
    }

    /// <summary>"20%", of a share between 0 and 1; at most one decimal.</summary>
    public string Percent(decimal share) => Say("number.percent", ("n", Number(Math.Round(share * 100, 1))));

    /// <summary>"30 September", its parts held together.</summary>
    public string Day(LocalDate day) => Date("date.day_month", day, "date.months");

    /// <summary>"30 September 2026".</summary>
    public string FullDay(LocalDate day) => Date("date.day_month_year", day, "date.months");

    /// <summary>"30 Sep".</summary>
    public string BriefDay(LocalDate day) => Date("date.day_month", day, "date.months_short");

    /// <summary>"30 Sep 2026".</summary>
    public string BriefFullDay(LocalDate day) => Date("date.day_month_year", day, "date.months_short");

    /// <summary>"Monday".</summary>
    public string Weekday(IsoDayOfWeek day) => Find("date.weekdays")[(int)day - 1].GetString()!;

    private string Date(string pattern, LocalDate date, string months) =>
        Say(
            pattern,
            ("day", date.Day == 1 ? Say("date.first") : date.Day.ToString(CultureInfo.InvariantCulture)),
            ("month", Find(months)[date.Month - 1].GetString()!),
            ("year", date.Year.ToString(CultureInfo.InvariantCulture))
        );

    private JsonElement Find(string key) =>
        _texts.TryGetValue(key, out var text) ? text
        : English._texts.TryGetValue(key, out text) ? text
        : throw new KeyNotFoundException($"no text \"{key}\"");

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
            if (name.SequenceEqual(known))
            {
                return value;
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
                using var document = JsonDocument.Parse(stream);
                return new Language(
                    name[Prefix.Length..^".json".Length],
                    document
                        .RootElement.EnumerateObject()
                        .ToDictionary(text => text.Name, text => text.Value.Clone(), StringComparer.Ordinal)
                );
            })
            .ToFrozenDictionary(language => language.Code, StringComparer.Ordinal);
    }
}
