using System.Text.Json;
using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Languages;

namespace MilestoneWatch.Domain.Tests.Languages;

/// <summary>What every language's file holds to, measured against English.</summary>
public sealed partial class LanguageFileTests
{
    // the analysts' word, which other languages do without
    private const string Outcome = "outcome";

    private static readonly Dictionary<string, JsonElement> English = Texts("en");

    public static TheoryData<string> Codes => [.. Language.Codes];

    [Fact]
    public void Readers_are_written_to_in_English_and_French() => Assert.Equal(["en", "fr"], Language.Codes);

    [Theory]
    [MemberData(nameof(Codes))]
    public void It_has_every_text_of_English_and_no_other(string code)
    {
        var texts = Texts(code);

        Assert.Equal([], English.Keys.Except(texts.Keys));
        Assert.Equal([], texts.Keys.Except(English.Keys));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void It_has_the_forms_of_each_count_and_the_items_of_each_list(string code) =>
        Assert.Equal(English.Select(Shape), Texts(code).OrderBy(text => English.Keys.ToList().IndexOf(text.Key)).Select(Shape));

    [Theory]
    [MemberData(nameof(Codes))]
    public void No_text_is_empty(string code) =>
        Assert.All(Texts(code).SelectMany(text => Said(text.Value)), said => Assert.NotEqual("", said.Trim(' ')));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_text_takes_the_values_that_English_takes(string code)
    {
        var texts = Texts(code);
        Assert.All(English.Keys, key => Assert.Equal((key, Values(English[key])), (key, Values(texts[key]))));
    }

    // groups whose keys are never put together from parts
    [Theory]
    [InlineData("date|digest|heading|kind|language|number|plural|row|same|schedule|standing|status|subject|text|told|waiting|welcome")]
    public void Every_text_is_asked_for_by_the_code_and_the_code_asks_for_no_other(string groups)
    {
        var key = new Regex($"\"((?:{groups})\\.[a-z_]+)\"", RegexOptions.None, TimeSpan.FromSeconds(10));
        var asked = Directory
            .EnumerateFiles(Path.Combine(Solution(), "src"), "*", SearchOption.AllDirectories)
            .Where(file =>
                Path.GetExtension(file) is ".cs" or ".razor"
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")
            )
            .SelectMany(file => key.Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();

        Assert.Equal([], asked.Except(English.Keys));
        Assert.Equal([], English.Keys.Where(text => groups.Split('|').Contains(text.Split('.')[0])).Except(asked));
    }

    [Fact]
    public void French_never_parts_a_sign_from_its_word_and_writes_curly_apostrophes() =>
        Assert.All(
            Texts("fr").SelectMany(text => Said(text.Value)),
            said =>
            {
                Assert.DoesNotMatch(" [:;!?%»]|« ", said);
                Assert.DoesNotMatch("[^\u00a0\u202f][;!?»]|«[^\u00a0]", said);
                Assert.DoesNotContain('\'', said);
            }
        );

    private static string Shape(KeyValuePair<string, JsonElement> text) =>
        text.Value.ValueKind switch
        {
            JsonValueKind.Object => $"{text.Key}: {string.Join(',', text.Value.EnumerateObject().Select(form => form.Name))}",
            // which numbers are "one" is each language's own
            JsonValueKind.Array when text.Key != "plural.one" => $"{text.Key}: {text.Value.GetArrayLength()}",
            var kind => $"{text.Key}: {kind}",
        };

    // a count's number may be left to its words, and the other way round
    private static string Values(JsonElement text) =>
        string.Join(
            ' ',
            Said(text)
                .SelectMany(said => Placeholder().Matches(said).Select(match => match.Groups[1].Value.ToLowerInvariant()))
                .Where(value => value != Outcome && !(text.ValueKind == JsonValueKind.Object && value is "n" or "words"))
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Said(JsonElement text) =>
        text.ValueKind switch
        {
            JsonValueKind.Object => text.EnumerateObject().Select(form => form.Value.GetString()!),
            JsonValueKind.Array => text.EnumerateArray().Select(item => item.ToString()),
            _ => [text.GetString()!],
        };

    // a key that stands twice is refused here, since only the last would be read
    private static Dictionary<string, JsonElement> Texts(string code)
    {
        using var stream = typeof(Language).Assembly.GetManifestResourceStream($"languages.{code}.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.Clone(), StringComparer.Ordinal);
    }

    private static string Solution()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MilestoneWatch.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no solution above the tests");
        }
        return folder.FullName;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
