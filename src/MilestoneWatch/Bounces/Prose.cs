using System.Text.RegularExpressions;

namespace MilestoneWatch.Bounces;

/// <summary>What a mail system says to people: which address it could not reach, and why.</summary>
internal static partial class Prose
{
    // the mail that came back begins, or its head does
    private static readonly string[] Below =
    [
        "below this line is a copy of the message",
        "this is a copy of the message",
        "this is a copy of your message",
        "this is a copy of the headers",
        "copy of the original message",
        "copy of your message",
        "original message follows",
        "original message is included",
        "original message headers",
        "original message header",
        "original message",
        "original mail",
        "message headers follow",
        "message header follows",
        "headers of the original",
        "headers follow",
        "header follows",
        "message text follows",
        "returned message follows",
        "returned message",
        "your message follows",
        "message follows",
        "unsent message below",
        "unsent message follows",
        "undelivered message follows",
        "undelivered message",
        "start of returned",
        "first lines of the",
        "begin message",
        "included message",
        "message contents",
        "ursprungliche nachricht",
        "original-nachricht",
        "kopie der nachricht",
        "message d'origine",
        "message original",
        "mensaje original",
        "messaggio originale",
        "mensagem original",
        "исходное сообщение",
    ];

    private static readonly string[] Headers =
    [
        "received:",
        "return-path:",
        "message-id:",
        "mime-version:",
        "dkim-signature:",
        "x-mailer:",
    ];

    /// <summary>The report itself: without the mail that came back, and without what is quoted.</summary>
    public static string Own(string text)
    {
        var own = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var bare = PhraseBook.Plain(line);
            if (
                bare.Length > 0
                && (IsBelow(line, bare) || Array.Exists(Headers, header => bare.StartsWith(header, StringComparison.Ordinal)))
            )
            {
                if (own.Exists(one => one.Contains('@', StringComparison.Ordinal)) || own.Count(one => one.Trim().Length > 0) > 3)
                {
                    break;
                }
            }
            if (!(line.StartsWith('>') && !line.StartsWith(">>>", StringComparison.Ordinal)))
            {
                own.Add(line);
            }
        }
        return string.Join('\n', own);
    }

    /// <summary>What was said, and of whom.</summary>
    /// <param name="own">The report's own text.</param>
    /// <param name="known">The address, where a field has told it already.</param>
    /// <param name="notThese">Addresses that are no recipients: the report's own sender and reader.</param>
    public static BounceReading Read(string own, string? known, IReadOnlyCollection<string> notThese)
    {
        var lines = own.Split('\n');
        var at = known is null ? -1 : Array.FindIndex(lines, line => line.Contains(known, StringComparison.OrdinalIgnoreCase));
        var recipient = known;
        if (recipient is null)
        {
            (recipient, at) = Find(lines, notThese);
        }
        // what stands at the address, then all that is said
        var near = at < 0 ? "" : Near(lines, at, recipient!);
        var status = Refusal.StatusIn(near) ?? Refusal.StatusIn(own);
        var kind = Refusal.Judge(status, near);
        var words = near;
        if (kind == BounceKind.Soft && !Says(near))
        {
            words = own;
            kind = Refusal.Judge(status, own);
        }
        return new BounceReading(kind, recipient, status, Telling(words, lines));
    }

    private static bool Says(string words)
    {
        var text = PhraseBook.Plain(words);
        return Refusal.CodeIn(text) is not null && text.Length > 20
            || PhraseBook.Full.In(text)
            || PhraseBook.Policy.In(text)
            || PhraseBook.Sender.In(text);
    }

    private static bool IsBelow(string line, string bare)
    {
        if (bare.Length > 100 || !Array.Exists(Below, mark => bare.Contains(mark, StringComparison.Ordinal)))
        {
            return false;
        }
        // a ruled line, or a line that ends in a colon: a heading, not a sentence about it
        return line.TrimStart() is ['-' or '=' or '*' or '_' or '+' or '~' or '#', ..]
            || bare.EndsWith(':')
            || bare.EndsWith("---", StringComparison.Ordinal);
    }

    private static (string? Recipient, int At) Find(string[] lines, IReadOnlyCollection<string> notThese)
    {
        foreach (var accept in (Func<string, string, bool>[])[IsAlone, IsNamed, IsRefused, (_, _) => true])
        {
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].Contains('@', StringComparison.Ordinal))
                {
                    continue;
                }
                foreach (var address in Addresses.AllIn(lines[i]))
                {
                    if (!notThese.Contains(address, StringComparer.OrdinalIgnoreCase) && !IsDaemon(address) && accept(lines[i], address))
                    {
                        return (address, i);
                    }
                }
            }
        }
        return (null, -1);
    }

    private static bool IsDaemon(string address) =>
        address.StartsWith("postmaster@", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("mailer-daemon@", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("abuse@", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("support@", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("helpdesk@", StringComparison.OrdinalIgnoreCase);

    // first on its line, but for brackets and bullets: "<user@example.org>: …", "   user@example.org"
    private static bool IsAlone(string line, string address)
    {
        var bare = line.Trim().TrimStart('<', '"', '\'', '(', '[', '*', '-', '+', '|', ' ', '\t', '•', '·');
        return bare.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            || bare.StartsWith(address[..address.LastIndexOf('@')], StringComparison.OrdinalIgnoreCase)
                && bare.Length > 0
                && (
                    bare.Length < address.Length + 60
                    || bare[Math.Min(address.Length, bare.Length - 1)] is '>' or ':' or ' ' or '\t' or '(' or ',' or ';'
                )
                && !bare.StartsWith($"{address} wrote", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsNamed(string line, string address)
    {
        var bare = PhraseBook.Plain(line).TrimStart('-', '*', ' ', '>', '<');
        return NamedRecipient().IsMatch(bare);
    }

    private static bool IsRefused(string line, string address)
    {
        var bare = PhraseBook.Plain(line);
        return Refusal.CodeIn(bare) is not null || PhraseBook.Address.In(bare) || PhraseBook.Full.In(bare) || PhraseBook.Refused.In(bare);
    }

    // the paragraph of the address, and the next one where it says nothing yet
    private static string Near(string[] lines, int at, string recipient)
    {
        var words = new List<string>();
        var gaps = 0;
        for (var i = at; i < lines.Length && words.Count < 16; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
            {
                if (++gaps > 1 || (words.Count > 0 && Says(string.Join(' ', words))))
                {
                    if (gaps > 2 || Says(string.Join(' ', words)))
                    {
                        break;
                    }
                }
                continue;
            }
            // the next address has a story of its own
            if (i > at && IsNext(line, recipient))
            {
                break;
            }
            words.Add(line);
        }
        return string.Join('\n', words);
    }

    private static bool IsNext(string line, string recipient) =>
        line.StartsWith('<')
        && Addresses.FirstIn(line) is { } other
        && !other.Equals(recipient, StringComparison.OrdinalIgnoreCase)
        && line.Length > other.Length + 1
        && line[other.Length + 1] == '>';

    // the line that says most, with what follows it in its paragraph
    private static string? Telling(string words, string[] all)
    {
        var lines = words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var at = Array.FindIndex(lines, line => Refusal.CodeIn(line) is not null);
        if (at < 0)
        {
            at = Array.FindIndex(
                lines,
                line => PhraseBook.Plain(line) is var text && (PhraseBook.Address.In(text) || PhraseBook.Full.In(text))
            );
        }
        if (at < 0 && lines.Length > 1 && lines.Length < 8)
        {
            at = 1;
        }
        return Refusal.OneLine(string.Join(' ', at < 0 ? lines.Take(3) : lines.Skip(at).Take(3)));
    }

    [GeneratedRegex(
        @"^(?:to|recipient|recipients|final-recipient|original-recipient|rcpt to|intended recipient|failed recipient|e-?mail address|address|addressee|empfanger|destinataire|destinatario|an|a|para|кому|收件人|宛先)(?: address| name)?(?:\(s\)|\(en\))?\s*[:=<\[]",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex NamedRecipient();
}
