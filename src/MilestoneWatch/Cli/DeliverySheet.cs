using System.Globalization;
using MilestoneWatch.Delivery;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>A delivery as it is shown: its story as a page, its row and its story as JSON.</summary>
internal static class DeliverySheet
{
    /// <summary>The open ones first, in the order of the way.</summary>
    public static readonly IReadOnlyList<string> States = ["ready", "leased", "sending", "unknown", "sent", "dead", "expired", "cancelled"];

    /// <summary>As Spectre.Console names it.</summary>
    public static string Style(DeliveryRow row) =>
        row.State switch
        {
            "sent" => "green",
            "dead" => "red",
            "unknown" => "yellow",
            "expired" or "cancelled" => "grey",
            _ => row.Held ? "yellow" : "default",
        };

    public static IReadOnlyList<DrawnLine> Of(DeliveryStory story, Instant now, string? trouble, int width)
    {
        var sheet = new Sheet(width);
        sheet.Item("", story.SubjectLine ?? "Its words are deleted already", Ink.Strong);
        sheet.Item("To", story.Address + (story.ReaderState is null or "active" ? "" : $" ({story.ReaderState})"));
        sheet.Item(
            "State",
            $"{story.Standing}{(story.SettledAt is { } settled ? $", since {DeliveryVerbs.At(settled)}" : "")}",
            Ink.Accent
        );
        sheet.Item("Next", story.Next(now, trouble) + When(story));
        if (story.Said is { } said)
        {
            sheet.Item("Last reply", said);
        }
        if (story.Suppressed is { } suppressed)
        {
            sheet.Item("Suppressed", suppressed, Ink.Look);
        }
        sheet.Break();
        sheet.Item("Why", Why(story));
        foreach (var line in story.Told)
        {
            sheet.Item("", $"• {line}");
        }
        sheet.Item("Written", DeliveryVerbs.At(story.CreatedAt));
        sheet.Item("Return path", story.EnvelopeFrom);
        sheet.Item("Message-ID", story.MessageId() ?? "none");
        sheet.Item("Size", Size(story) is { } size ? $"{size:N0} bytes" : "unknown");
        sheet.Item("Signed", Signed(story));
        foreach (var (n, attempt) in story.Tries.Index())
        {
            sheet.Break();
            sheet.Item($"Try {n + 1}", attempt.InWords(), Ink.Strong);
            sheet.Item(
                "",
                $"{DeliveryVerbs.At(attempt.StartedAt)} to {(attempt.EndedAt is { } end ? DeliveryVerbs.At(end) : "…")}, {attempt.Worker}"
            );
            if (attempt.Reply is { Length: > 0 } reply)
            {
                sheet.Item("", DeliveryRow.ReplyWords(attempt.Code, reply));
            }
        }
        foreach (var report in story.Reports)
        {
            sheet.Break();
            sheet.Item(
                "Report",
                $"{report.Kind}, read {DeliveryVerbs.At(report.ReadAt)}{(report.Proof is null ? ", without proof that it is about this mail" : "")}",
                Ink.Look
            );
            sheet.Item("", $"{report.Status} {report.Diagnostic}".Trim());
        }
        return sheet.Lines;
    }

    public static object Json(DeliveryRow row, Instant now, string? trouble) =>
        new
        {
            row.Id,
            row.DueSlot,
            row.Address,
            row.Purpose,
            subject = row.SubjectLine,
            row.State,
            row.Held,
            row.Attempts,
            row.LastCode,
            row.LastReply,
            row.SettledAt,
            row.NextAttemptAt,
            row.ExpiresAt,
            next = row.Next(now, trouble),
        };

    public static object Json(DeliveryStory story, Instant now, string? trouble) =>
        new
        {
            story.Id,
            story.DueSlot,
            story.Address,
            story.Purpose,
            subject = story.SubjectLine,
            story.State,
            story.Held,
            attempts = story.Tries.Select(
                (attempt, n) =>
                    new
                    {
                        number = n + 1,
                        attempt.Worker,
                        attempt.StartedAt,
                        attempt.EndedAt,
                        attempt.Outcome,
                        attempt.Code,
                        attempt.Reply,
                    }
            ),
            story.LastCode,
            story.LastReply,
            story.SettledAt,
            story.NextAttemptAt,
            story.ExpiresAt,
            next = story.Next(now, trouble),
            why = Why(story),
            story.Told,
            story.FromPosition,
            story.ToPosition,
            story.DigestNumber,
            story.Recipient,
            story.ReaderState,
            story.Suppressed,
            story.CreatedAt,
            story.EnvelopeFrom,
            message_id = story.MessageId(),
            size = Size(story),
            signed = story.Signature is { Length: > 0 },
            story.Reports,
        };

    private static string Why(DeliveryStory story)
    {
        var due = DeliveryVerbs.At(story.DueSlot);
        return story.Purpose switch
        {
            "digest" when story is { FromPosition: { } from, ToPosition: { } to, DigestNumber: { } number } => string.Create(
                CultureInfo.InvariantCulture,
                $"digest {number} of {story.Recipient}, due {due}: positions {from} to {to}"
            ),
            "digest" => $"a digest of {story.Recipient}, due {due}",
            "welcome" => $"{story.Recipient} has joined: how things stand on that day",
            "confirmation" => "somebody asked to join with this address: is it theirs?",
            "nudge" => $"what waits for {story.Recipient}, due {due}",
            "sign_in" => $"{story.Recipient} asked for a link to sign in",
            var other => $"{other}, due {due}",
        };
    }

    private static string When(DeliveryStory story) =>
        story.SettledAt is null && story.State is "ready" or "unknown"
            ? $" (at {DeliveryVerbs.At(story.NextAttemptAt)}; expires {DeliveryVerbs.At(story.ExpiresAt)})"
            : "";

    private static string Signed(DeliveryStory story) =>
        story.Signature is { Length: > 0 } ? "yes (DKIM)"
        : story.Attempts == 0 ? "not before its first try"
        : "no";

    private static int? Size(DeliveryStory story) =>
        story.Segments is { } segments
            ? (story.Signature?.Length ?? 0)
                + story.Headers.Length
                + 2
                + segments.Sum(one => one.Length)
                + story.Personal.Sum(one => one.Length)
            : null;
}
