using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MilestoneWatch.Digests;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

/// <summary>However much there is to tell, a mail stays below what mailboxes clip, and says how much more there is and where.</summary>
public sealed class LongMailTests
{
    private static readonly Instant AsOf = Instant.FromUtc(2026, 10, 5, 6, 0);
    private const string Board = "https://watch.example.org/?asOf=2026-10-05T06:00:00Z";

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(4000)]
    public async Task Blocks_are_kept_whole_up_to_the_limit_and_the_rest_is_counted(int changes)
    {
        var (text, html) = await LaidOutAsync(View(changes));

        Assert.InRange(Sent(html), 1, 90_000);
        var shown = Enumerable.Range(0, changes).TakeWhile(n => html.Contains(Title(n), StringComparison.Ordinal)).Count();
        Assert.InRange(shown, Math.Min(changes, 20), changes);
        // whole: each with its last sentence, in both parts
        Assert.All(
            Enumerable.Range(0, shown),
            n =>
            {
                Assert.Contains(Ending(n), html);
                Assert.Contains(Ending(n), Joined(text));
            }
        );
        Assert.Equal(shown < changes, text.Contains($"And {Language.English.Number(changes - shown)} more on the site: {Board}\n"));
        Assert.Equal(shown < changes, html.Contains($">And {Language.English.Number(changes - shown)} more on the site</a>"));
        Assert.DoesNotContain(Title(shown), text);
    }

    [Fact]
    public async Task Forty_of_the_shortest_changes_need_no_cut()
    {
        var (text, _) = await LaidOutAsync(View(40, rows: 0));

        Assert.DoesNotContain("more on the site", text);
    }

    [Fact]
    public async Task A_list_shows_twenty_and_counts_the_rest()
    {
        IReadOnlyList<(string, string)> lines = [.. Enumerable.Range(0, 4000).Select(n => ($"m{n}", $"Milestone {n}: nothing on record."))];
        var view = View(1) with
        {
            Unsettled = lines,
            Unchanged = lines,
            Quiet = [.. lines.Select(line => ((string?)line.Item1, line.Item2))],
        };

        var (text, html) = await LaidOutAsync(view);

        Assert.InRange(Sent(html), 1, 90_000);
        Assert.Equal(3, text.Split($"And 3,980 more on the site: {Board}\n").Length - 1);
        Assert.Equal(3, text.Split("Milestone 19:").Length - 1);
        Assert.DoesNotContain("Milestone 20:", html);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('語')]
    [InlineData('"')]
    public async Task Very_long_words_never_break_the_limit(char letter)
    {
        var word = new string(letter, 4000);
        var sentence = string.Join(' ', Enumerable.Repeat(new string(letter, 9), 400));
        IReadOnlyList<(string, string)> lines = [.. Enumerable.Repeat(("m", sentence), 60)];
        var view = View(1) with
        {
            Intro = sentence,
            Sections =
            [
                new Section(
                    "New on record",
                    [
                        new Block(
                            sentence,
                            "m",
                            [("Note", word), ("Source", $"{sentence} https://a.example/page")],
                            [.. Enumerable.Repeat(sentence, 900)]
                        ),
                    ]
                ),
            ],
            Unsettled = lines,
            Unchanged = lines,
            NextDates = [("31 Dec 2026", string.Join("; ", Enumerable.Repeat(sentence, 50)))],
            Closing = [sentence],
        };

        var (text, html) = await LaidOutAsync(view);

        Assert.InRange(Sent(html), 1, 90_000);
        Assert.Contains("more on the site", text);
        Assert.Contains("href=\"https://a.example/page\"", html);
        Assert.All(
            html.Split('\n').Where(line => line.Contains(' ', StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 2500)
        );
    }

    [Fact]
    public async Task A_long_note_is_broken_into_lines_that_every_relay_takes()
    {
        var note = string.Join(' ', Enumerable.Repeat("nine words of a note that goes on and", 200));
        var view = View(1) with { Sections = [new Section("New on record", [new Block("A plant", "plant", [("Note", note)], [])])] };

        var (_, html) = await LaidOutAsync(view);

        Assert.All(html.Split('\n'), line => Assert.InRange(line.Length, 0, 998));
    }

    internal static async Task<(string Text, string Html)> LaidOutAsync(DigestView view)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var renderer = new MailRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var composer = new DigestComposer(new SiteOptions { BaseUrl = "https://watch.example.org" }, renderer);
        return await composer.LayOutAsync(view, AsOf, "You follow all topics, Mondays 08:00.", "https://watch.example.org/settings/TOKEN");
    }

    /// <summary>A digest of so many changes, with as many rows each.</summary>
    internal static DigestView View(int changes, int rows = 4) =>
        new()
        {
            Language = Language.English,
            Subject = $"{changes} changes",
            Intro = $"{changes} changes since your mail of 28 September.",
            Sections =
            [
                new Section(
                    "Date moved",
                    [
                        .. Enumerable
                            .Range(0, changes)
                            .Select(n => new Block(
                                Title(n),
                                $"plant-{n}",
                                [
                                    .. new[]
                                    {
                                        ("Was", "Q3 2026, until 30 September 2026 (Example Power, 28 May)"),
                                        ("Now", "Q4 2026, 1 October to 31 December 2026"),
                                        ("Moved", "92 days later; first move on record"),
                                        ("Source", "Example Wire, 5 Oct, reported: \"later this year\" https://wire.example/plants"),
                                    }.Take(rows),
                                ],
                                ["The old window had closed with no opening on record.", Ending(n)]
                            )),
                    ]
                ),
            ],
            Closing = ["Newest fact on record: 3 June 2026."],
        };

    private static string Title(int n) => $"Plant number {n}, as promised";

    private static string Ending(int n) => $"Next reminder: 1 December, for plant {n}.";

    private static string Joined(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Bytes on the wire.</summary>
    private static int Sent(string html)
    {
        var encoded = new System.Buffers.ArrayBufferWriter<byte>();
        QuotedPrintable.Append(encoded, Encoding.UTF8.GetBytes(html), continues: false);
        return encoded.WrittenCount;
    }
}
