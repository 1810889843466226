using System.Text;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using Npgsql;

namespace MilestoneWatch.Bounces;

/// <summary>
/// Whom a report is about, proven: by the return path of ours that it came to or quotes, by a personal link in the mail that came back, or
/// by the secret of the door it came through. Without that anybody could silence a reader by a forged report.
/// </summary>
/// <param name="Kind">return_path, link or door.</param>
/// <param name="About">The address that counts.</param>
/// <param name="Delivery">The mail that came back, where it is known.</param>
internal sealed record BounceProof(string Kind, Mailbox About, BouncedDelivery? Delivery)
{
    private const string LinkMark = "/leave/";
    private const int LinkLength = 43;

    private static readonly string[] Carriers = ["To", "Delivered-To", "X-Original-To", "Envelope-To", "Cc"];

    /// <param name="trusted">It came through a door that asks for a secret.</param>
    public static async Task<BounceProof?> FindAsync(
        NpgsqlConnection connection,
        Links links,
        MailOptions mail,
        byte[] message,
        BounceReading reading,
        bool trusted,
        CancellationToken ct
    )
    {
        // the head first: where the report came to outweighs what it quotes
        foreach (var place in new[] { Head(message), Encoding.Latin1.GetString(message) })
        {
            foreach (var token in ReturnPath.TokensIn(mail, place))
            {
                if (
                    links.TryReadReturnPath(token, out var id)
                    && await BounceStore.DeliveryAsync(connection, id, ct) is { } delivery
                    && Mailbox.TryRead(delivery.Address, out var mailed)
                )
                {
                    return new BounceProof("return_path", mailed, delivery);
                }
            }
        }
        foreach (var token in LinksIn(Encoding.Latin1.GetString(message)))
        {
            if (
                links.TryRead(token, out var id, out var generation)
                && await BounceStore.AddressOfLinkAsync(connection, id, generation, ct) is { } email
                && Mailbox.TryRead(email, out var reader)
            )
            {
                return await WithLastAsync("link", reader);
            }
        }
        return trusted && reading.Recipient is { } named && Mailbox.TryRead(named, out var recipient)
            ? await WithLastAsync("door", recipient)
            : null;

        async Task<BounceProof> WithLastAsync(string kind, Mailbox about) =>
            new(kind, about, await BounceStore.LastToAsync(connection, about.Key, ct));
    }

    private static string Head(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message, 0, Math.Min(message.Length, 64 * 1024));
        return ReturnedMail.Headers(text) is { } head
            ? string.Join('\n', head.Where(one => Carriers.Contains(one.Field, StringComparer.OrdinalIgnoreCase)).Select(one => one.Value))
            : "";
    }

    private static IEnumerable<string> LinksIn(string text)
    {
        for (var at = 0; (at = text.IndexOf(LinkMark, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var start = at + LinkMark.Length;
            if (start + LinkLength <= text.Length)
            {
                yield return text[start..(start + LinkLength)];
            }
        }
    }
}
