using System.Globalization;
using System.Text;

namespace MilestoneWatch.Bounces;

/// <summary>Lists of what mail systems say, from words.txt. A look-up takes time linear in the text.</summary>
internal sealed class PhraseBook
{
    // what … may stand for, in letters of one sentence
    private const int Gap = 80;

    // whole words only: the letters of these are part of others
    private const int ShortWord = 5;

    private static readonly Dictionary<string, PhraseBook> Books = Load();

    private readonly string[][] _phrases;

    private PhraseBook(IEnumerable<string> phrases) =>
        _phrases = [.. phrases.Select(phrase => phrase.Split(" … ")).DistinctBy(Joined, StringComparer.Ordinal)];

    /// <summary>The address is bad, said outright.</summary>
    public static PhraseBook Address => Books["address"];

    /// <summary>The address was refused, and it may be for another reason.</summary>
    public static PhraseBook Refused => Books["refused"];
    public static PhraseBook Full => Books["full"];
    public static PhraseBook Sender => Books["sender"];
    public static PhraseBook Policy => Books["policy"];
    public static PhraseBook Delayed => Books["delayed"];
    public static PhraseBook GaveUp => Books["gave up"];
    public static PhraseBook Failed => Books["failed"];
    public static PhraseBook Subject => Books["subject"];
    public static PhraseBook Auto => Books["auto"];
    public static PhraseBook Daemon => Books["daemon"];

    /// <summary>Whether a text made <see cref="Plain"/> has one of the phrases.</summary>
    public bool In(string text) => Array.Exists(_phrases, phrase => IsIn(text, phrase));

    /// <summary>As phrases are compared: lower case, no accents, one blank between words, straight quotes.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        var blank = true;
        foreach (var letter in Valid(text).Normalize(NormalizationForm.FormD))
        {
            if (char.IsWhiteSpace(letter) || char.IsControl(letter))
            {
                if (!blank)
                {
                    plain.Append(' ');
                }
                blank = true;
                continue;
            }
            // kana keep their marks: they tell letters apart
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark && letter < '\u3000')
            {
                continue;
            }
            blank = false;
            plain.Append(
                char.ToLowerInvariant(letter) switch
                {
                    '’' or '‘' or '´' => '\'',
                    // letters of their own, which have no accent to lose
                    'ł' => 'l',
                    'ø' => 'o',
                    'đ' => 'd',
                    var plainLetter => plainLetter,
                }
            );
        }
        return plain.ToString().TrimEnd().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The text without halves of letters, which nothing can normalise.</summary>
    public static string Valid(string text) =>
        text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) ? string.Concat(text.EnumerateRunes()) : text;

    private static bool IsIn(string text, string[] phrase)
    {
        for (var at = Next(text, phrase[0], 0); at >= 0; at = Next(text, phrase[0], at + 1))
        {
            var end = at + phrase[0].Length;
            var found = true;
            foreach (var part in phrase.Skip(1))
            {
                var window = Sentence(text.AsSpan(end, Math.Min(Gap + part.Length, text.Length - end)));
                var step = window.IndexOf(part, StringComparison.Ordinal);
                if (step < 0)
                {
                    found = false;
                    break;
                }
                end += step + part.Length;
            }
            if (found)
            {
                return true;
            }
        }
        return false;
    }

    private static ReadOnlySpan<char> Sentence(ReadOnlySpan<char> text) =>
        text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text;

    private static int Next(string text, string part, int from)
    {
        for (var at = from; (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var end = at + part.Length;
            if (
                !(at > 0 && char.IsAsciiLetter(part[0]) && char.IsAsciiLetterOrDigit(text[at - 1]))
                && !(part.Length <= ShortWord && end < text.Length && char.IsAsciiLetter(part[^1]) && char.IsAsciiLetterOrDigit(text[end]))
            )
            {
                return at;
            }
        }
        return -1;
    }

    private static string Joined(string[] phrase) => string.Join('…', phrase);

    private static Dictionary<string, PhraseBook> Load()
    {
        using var stream = typeof(PhraseBook).Assembly.GetManifestResourceStream("bounces.words.txt")!;
        using var reader = new StreamReader(stream);
        var books = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> book = [];
        foreach (var line in reader.ReadToEnd().Split('\n').Select(line => line.Trim()))
        {
            if (line is ['[', .., ']'])
            {
                books[line[1..^1]] = book = [];
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                book.Add(Plain(line));
            }
        }
        return books.ToDictionary(one => one.Key, one => new PhraseBook(one.Value), StringComparer.Ordinal);
    }
}
