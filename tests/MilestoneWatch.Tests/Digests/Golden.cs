using System.Text.RegularExpressions;
using MilestoneWatch.Tests.Mail;
using MimeKit;

namespace MilestoneWatch.Tests.Digests;

/// <summary>Mails as they ought to be, beside these tests. MW_REWRITE_GOLDEN=1 rewrites them; then read what changed.</summary>
internal static partial class Golden
{
    /// <summary>What SpamAssassin may say of a mail at most; it takes 5 for spam.</summary>
    public const decimal SpamLimit = 1;

    /// <summary>Compares a mail's headers and text with NAME.txt, and its HTML with NAME.html; and no filter takes it for spam.</summary>
    public static void Matches(string name, MimeMessage mail)
    {
        if (SpamAssassin.IsHere)
        {
            var (score, verdict) = SpamAssassin.Score(mail);
            Assert.True(score < SpamLimit, $"{name}: {verdict}");
        }
        Matches($"{name}.txt", $"{Headers(mail)}\n{Fixed(Text(mail))}");
        Matches($"{name}.html", Fixed(Html(mail)));
    }

    public static void Matches(string file, string actual)
    {
        var path = Beside(file);
        if (Environment.GetEnvironmentVariable("MW_REWRITE_GOLDEN") is not null)
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", actual);
    }

    /// <summary>Every golden HTML part: name and content.</summary>
    public static IEnumerable<string> HtmlFiles() => Directory.GetFiles(Beside(""), "*.html").Order(StringComparer.Ordinal);

    public static string Text(MimeMessage mail) => mail.TextBody!.ReplaceLineEndings("\n");

    public static string Html(MimeMessage mail) => mail.HtmlBody!.ReplaceLineEndings("\n");

    private static string Headers(MimeMessage mail) =>
        string.Concat(
            mail.Headers.Select(header => $"{header.Field}: {Fixed(Boundary().Replace(header.Value, "boundary=\"BOUNDARY\""))}\n")
        );

    // what is random: links' tokens, the Message-ID
    private static string Fixed(string text) => Token().Replace(MessageId().Replace(text, "<RANDOM@"), "/$1/TOKEN");

    [GeneratedRegex("/(settings|leave|confirm|nudge)/[A-Za-z0-9_-]+")]
    private static partial Regex Token();

    [GeneratedRegex("<[0-9a-f]{32}@")]
    private static partial Regex MessageId();

    [GeneratedRegex("boundary=\"[^\"]*\"")]
    private static partial Regex Boundary();

    private static string Beside(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MilestoneWatch.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no solution above the tests");
        }
        return Path.Combine(folder.FullName, "tests/MilestoneWatch.Tests/Digests/Goldens", name);
    }
}
