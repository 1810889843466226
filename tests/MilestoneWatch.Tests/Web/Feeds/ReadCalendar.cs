using System.Text;
using System.Text.Json;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>A calendar as npm's ical.js reads it.</summary>
internal sealed record ReadCalendar(string? Name, string? OlderName, string? Refresh, IReadOnlyList<ReadEvent> Events)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public ReadEvent Event => Assert.Single(Events);

    public static async Task<ReadCalendar> OfAsync(byte[] file)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file);
        Assert.EndsWith("END:VCALENDAR\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', text);
        foreach (var line in text[..^2].Split("\r\n"))
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 75);
            Assert.DoesNotContain(line, c => char.IsControl(c) && c != '\t');
        }
        var (code, output, error) = await Outside.RunAsync("node", file, "read-calendar.mjs");
        Assert.Equal((0, ""), (code, error));
        return JsonSerializer.Deserialize<ReadCalendar>(output, Options)!;
    }
}

/// <summary>One event in it; <c>End</c> is exclusive, as iCalendar has it.</summary>
internal sealed record ReadEvent(
    string Uid,
    int Sequence,
    string Start,
    string End,
    bool AllDay,
    string Summary,
    string Description,
    string Status,
    string Transparency,
    string Url,
    string Category,
    string Stamp,
    int Alarms
)
{
    public (string Start, string End) Days => (Start, End);
}
