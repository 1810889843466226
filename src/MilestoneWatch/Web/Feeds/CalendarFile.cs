using System.Buffers;
using NodaTime.Text;

namespace MilestoneWatch.Web.Feeds;

/// <summary>A calendar to subscribe to, as a file (RFC 5545; its name and how often to come back by RFC 7986 and by what older programs know).</summary>
internal static class CalendarFile
{
    private const string ComeBackAfter = "PT6H";
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");
    private static readonly InstantPattern Stamp = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");

    public static ReadOnlyMemory<byte> Write(string name, IEnumerable<CalendarEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var lines = new ContentLines(buffer);
        lines.Write("BEGIN", "VCALENDAR");
        lines.Write("VERSION", "2.0");
        lines.Write("PRODID", "-//MilestoneWatch//Promised dates//EN");
        lines.Write("CALSCALE", "GREGORIAN");
        lines.Text("NAME", name);
        lines.Text("X-WR-CALNAME", name);
        lines.Write("REFRESH-INTERVAL;VALUE=DURATION", ComeBackAfter);
        lines.Write("X-PUBLISHED-TTL", ComeBackAfter);
        var empty = true;
        foreach (var one in events)
        {
            empty = false;
            Write(lines, one);
        }
        if (empty)
        {
            // a calendar holds at least one component (RFC 5545 §3.6): the one that shows nothing
            WriteUtc(lines);
        }
        lines.Write("END", "VCALENDAR");
        return buffer.WrittenMemory;
    }

    private static void Write(ContentLines lines, CalendarEvent one)
    {
        lines.Write("BEGIN", "VEVENT");
        lines.Write("UID", one.Uid);
        lines.Write("DTSTAMP", Stamp.Format(one.ChangedAt));
        lines.Write("LAST-MODIFIED", Stamp.Format(one.ChangedAt));
        lines.Write("SEQUENCE", one.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
        lines.Write("DTSTART;VALUE=DATE", Day.Format(one.From));
        lines.Write("DTEND;VALUE=DATE", Day.Format(one.To.PlusDays(1)));
        lines.Write("STATUS", one.Status);
        lines.Write("TRANSP", "TRANSPARENT");
        lines.Text("SUMMARY", one.Summary);
        lines.Text("DESCRIPTION", one.Description);
        lines.Text("CATEGORIES", one.Category);
        lines.Write("URL", one.Url);
        lines.Write("END", "VEVENT");
    }

    private static void WriteUtc(ContentLines lines)
    {
        lines.Write("BEGIN", "VTIMEZONE");
        lines.Write("TZID", "Etc/UTC");
        lines.Write("BEGIN", "STANDARD");
        lines.Write("DTSTART", "19700101T000000");
        lines.Write("TZOFFSETFROM", "+0000");
        lines.Write("TZOFFSETTO", "+0000");
        lines.Write("END", "STANDARD");
        lines.Write("END", "VTIMEZONE");
    }
}
