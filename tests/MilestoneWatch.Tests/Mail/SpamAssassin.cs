using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit;

namespace MilestoneWatch.Tests.Mail;

/// <summary>Debian's SpamAssassin by its local tests only: it asks nobody, learns nothing, and so says the same each time.</summary>
internal static partial class SpamAssassin
{
    private static readonly string[] Arguments = ["-L", "-t", "-x", "--cf=use_bayes 0"];

    /// <summary>Without it mails go unscored on a developer's machine; where every test must run, that fails.</summary>
    public static bool IsHere { get; } =
        Environment.GetEnvironmentVariable("CI") == "true"
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "spamassassin")));

    /// <summary>The score of a mail as it was written, headers included, with the tests that gave it.</summary>
    public static (decimal Score, string Verdict) Score(MimeMessage mail)
    {
        using var process = Process.Start(
            new ProcessStartInfo("spamassassin", Arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        mail.WriteTo(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        var report = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var verdict = Verdict().Match(report);
        Assert.True(verdict.Success, report);
        return (decimal.Parse(verdict.Groups[1].Value, CultureInfo.InvariantCulture), verdict.Value);
    }

    [GeneratedRegex(@"X-Spam-Status: [A-Za-z]+, score=(-?[0-9.]+)[^\n]*(\n\s[^\n]*)*")]
    private static partial Regex Verdict();
}
