using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MilestoneWatch.Tests.Hosting.Embedded;

namespace MilestoneWatch.Tests.Cli;

/// <summary>`mw demo` as a newcomer starts it: nothing configured, the real clock.</summary>
public sealed class DemoTests : IDisposable
{
    private const string Weekly = "weekly-reader@example.org";

    /// <summary>Every mail until the first Monday of October 2026; what comes later depends on the day of the test.</summary>
    private static readonly string[] Subjects =
    [
        "Bruyères-le-Châtel (44 MW): Q2 2026 window ends in 29 days, and 3 more",
        "Les Ulis: also printed as \"second half of 2026\", and 3 more",
        "Bruyères-le-Châtel (44 MW): Q2 2026 window ends tomorrow",
        "Bruyères-le-Châtel (44 MW): Q2 2026 window closed",
        "Nothing changed since 6 July",
        "Les Ulis: Q3 2026 window ends in 30 days",
        "Les Ulis: nothing new for 90 days, and 3 more",
        "Les Ulis: Q3 2026 window ends in 2 days",
        "Les Ulis: Q3 2026 window closed, no opening on record",
    ];

    private readonly TestHome _home = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public DemoTests()
    {
        _environment["MW_Home"] = _home.Home;
        _environment["MW_Urls"] = $"http://127.0.0.1:{FreePort()}";
    }

    private string MailFolder => Path.Combine(_home.Home, "mail");

    [Fact]
    public async Task The_replay_writes_each_weekly_mail_and_a_second_run_writes_none_twice()
    {
        using var first = Start("demo", "--no-serve");
        var took = await Until.TrueAsync(() => CliHouse.MailsIn(MailFolder, Weekly).Count > 0, "the first digest", TimeSpan.FromMinutes(2));
        TestContext.Current.TestOutputHelper?.WriteLine($"first digest after {took.TotalSeconds:0.0} s");
        Assert.Equal(0, await first.ExitAsync());
        AssertMails();
        Assert.All(Subjects, subject => Assert.Contains(subject, first.Out, StringComparison.Ordinal));
        Assert.DoesNotContain('\r', first.Out);
        Assert.DoesNotContain('\u001b', first.Out);
        Assert.Null(_home.Server);
        var files = Files();

        using var second = Start("demo", "--no-serve", "--json");
        Assert.Equal(0, await second.ExitAsync());

        var said = JsonNode.Parse(second.Out)!;
        Assert.Equal(Subjects, said["mails"]!.AsArray().Take(Subjects.Length).Select(mail => (string?)mail!["subject"]));
        Assert.Equal(MailFolder, (string?)said["mail_folder"]);
        Assert.Equal("", second.Error);
        Assert.Equal(files, Files());
        Assert.Null(_home.Server);
    }

    [Fact]
    public async Task Killed_twice_it_resumes_shows_an_alert_and_leaves_nothing_running()
    {
        using (var killed = Start("demo"))
        {
            await killed.PrintsAsync(Subjects[1]);
            await killed.SignalAsync("KILL");
            await killed.ExitAsync();
        }
        using (var killed = Start("demo"))
        {
            await killed.PrintsAsync("Resuming at");
            await killed.PrintsAsync("Ctrl-C ends it all");
            AssertMails();
            await killed.SignalAsync("KILL");
            await killed.ExitAsync();
        }
        Assert.NotNull(_home.Server);

        using var demo = Start("demo");
        await demo.PrintsAsync("Ctrl-C ends it all");
        AssertMails();
        Assert.Contains("mails written before: ", demo.Out, StringComparison.Ordinal);
        Assert.Contains(_environment["MW_Urls"], demo.Out, StringComparison.Ordinal);
        Assert.Contains(MailFolder, demo.Out, StringComparison.Ordinal);
        Assert.Contains("reschedule les-ulis-opening \"Q4 2026\"", demo.Out, StringComparison.Ordinal);

        var recorded = await MwProcess.RunAsync(
            _home.Root,
            _environment,
            null,
            "reschedule",
            "les-ulis-opening",
            "Q4 2026",
            "--note",
            "Said at the partner day"
        );
        Assert.True(recorded.Exit == 0, recorded.ToString());
        var took = await Until.TrueAsync(
            () => CliHouse.MailsIn(MailFolder, "alert-reader@example.org").Count == 1,
            "the alert",
            TimeSpan.FromSeconds(30)
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"alert after {took.TotalSeconds:0.0} s");
        Assert.StartsWith(
            "Les Ulis moved from Q3 2026 to Q4 2026",
            CliHouse.MailsIn(MailFolder, "alert-reader@example.org")[0].Subject,
            StringComparison.Ordinal
        );

        await demo.SignalAsync("INT");
        var stopped = await Until.TrueAsync(() => demo.HasExited, "the end", TimeSpan.FromSeconds(30));
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {stopped.TotalSeconds:0.0} s");
        Assert.Equal(0, await demo.ExitAsync());
        Assert.Null(_home.Server);
        AssertMails();
    }

    [Fact]
    public async Task Interrupted_in_the_replay_it_ends_well_and_stops_its_database()
    {
        using var demo = Start("demo");
        await demo.PrintsAsync("Replaying");

        await demo.SignalAsync("INT");

        Assert.Equal(0, await demo.ExitAsync());
        Assert.Null(_home.Server);
    }

    public void Dispose() => _home.Dispose();

    private MwProcess Start(params string[] arguments) => MwProcess.Start(_home.Root, _environment, arguments);

    private void AssertMails() =>
        Assert.Equal(
            Subjects,
            CliHouse
                .MailsIn(MailFolder, Weekly)
                .Where(mail => mail.Date < new DateTimeOffset(2026, 10, 6, 0, 0, 0, TimeSpan.Zero))
                .Select(mail => mail.Subject)
        );

    /// <summary>Every mail's name and contents.</summary>
    private string[] Files() =>
        [
            .. Directory
                .GetFiles(MailFolder)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetFileName(file)} {File.ReadAllText(file).GetHashCode(StringComparison.Ordinal)}"),
        ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
