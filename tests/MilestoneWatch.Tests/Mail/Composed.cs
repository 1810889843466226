using System.Text;
using MilestoneWatch.Mail;
using NodaTime;

namespace MilestoneWatch.Tests.Mail;

/// <summary>Mails to send.</summary>
internal static class Composed
{
    public static readonly MailHeaders Headers = new(
        FromName: "MilestoneWatch",
        FromAddress: "watch@example.org",
        ToName: null,
        ToAddress: "ada@example.net",
        Subject: "Les Ulis: Q3 2026 window closed, no opening on record",
        Date: Instant.FromUtc(2026, 10, 5, 6, 0),
        MessageId: "k3f9@example.org",
        Boundary: "=_fixed",
        ListId: "mistral.example.org",
        Unsubscribe: new Uri("https://example.org/leave/k3f9")
    );

    public static ComposedMail Mail(string recipient = "ada@example.net", string? text = null, string name = "1-ada@example.net")
    {
        var markers = PersonalMarkers.New();
        var link = markers.For("settings");
        var body = SegmentEncoder.Encode(
            (text ?? "Nouvelle de l'été\n.hidden dot\nFrom here on\n") + link + "\n",
            $"<p>Été &amp; <a href=\"{link}\">{link}</a></p>",
            markers.All,
            Headers.Boundary
        );
        var personal = body.Personal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["settings"] = "https://example.org/s?a=1&b=é" }
        );
        return new ComposedMail(
            "bounce+k3f9@example.org",
            recipient,
            () => name,
            HeaderBlock.Build(Headers with { ToAddress = recipient }),
            EncodedBody.Join(body.Shared, personal)
        );
    }

    public static byte[] Bytes(ComposedMail mail) => [.. mail.Headers.ToArray(), .. "\r\n"u8, .. mail.Body.SelectMany(s => s.ToArray())];

    public static string Text(ComposedMail mail) => Encoding.ASCII.GetString(Bytes(mail));
}
