using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>
/// One bare address as RFC 5321 and 6531 allow it, its domain in lower-case ASCII. Comments, groups, routes, literals, and whatever could
/// break a header or hide from the eye are refused.
/// </summary>
internal sealed record Mailbox(string LocalPart, string Domain)
{
    // RFC 5321 §4.5.3.1: octets of a local part, and of a path without its angle brackets
    private const int LongestLocalPart = 64;
    private const int Longest = 254;
    private static readonly SearchValues<char> PlainLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    );
    private static readonly SearchValues<char> AtomText = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
    );

    // letters, digits and hyphens only
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    public string Address { get; } = $"{LocalPart}@{Domain}";

    /// <summary>False where only a relay with SMTPUTF8 can take it.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart);

    /// <summary>What is the same for every spelling of one address: no needless quotes, composed letters, no case. A tag stays.</summary>
    public string Key
    {
        get
        {
            var bare = LocalPart[0] == '"' ? Unquoted(LocalPart) : LocalPart;
            var local = IsDotAtom(bare)
                ? bare
                : $"\"{bare.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            if (IsAscii)
            {
                return $"{local}@{Domain}".ToUpperInvariant();
            }
            // down and up: letters that only one of the two brings together (ſ, K, ς)
            return $"{local.Normalize()}@{Domain}".ToLowerInvariant().ToUpperInvariant().Normalize();
        }
    }

    public static bool TryRead(string text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        var at = text.LastIndexOf('@');
        if (at < 1 || text.Length > Longest || !IsVisible(text))
        {
            return false;
        }
        var local = text[..at];
        if (!(IsDotAtom(local) || IsQuoted(local)) || Encoding.UTF8.GetByteCount(local) > LongestLocalPart)
        {
            return false;
        }
        try
        {
            var domain = IsPlainDomain(text.AsSpan(at + 1)) ? text[(at + 1)..].ToLowerInvariant() : International(text[(at + 1)..]);
            var read = new Mailbox(local, domain);
            if (
                Encoding.UTF8.GetByteCount(read.Address) <= Longest
                // four numbers are an address of the network's, not of mail's
                && domain.AsSpan(domain.LastIndexOf('.') + 1).ContainsAnyExceptInRange('0', '9')
                // what the mail library reads is what was read here
                && (read.IsAscii && local[0] != '"' || string.Equals(read.ForMailKit().LocalPart, local, StringComparison.Ordinal))
            )
            {
                mailbox = read;
            }
        }
        catch (Exception e) when (e is ParseException or ArgumentException)
        {
            return false;
        }
        return mailbox is not null;
    }

    private static string International(string text)
    {
        var domain = Domains.GetAscii(text).ToLowerInvariant();
        // refuses an xn-- that encodes nothing
        _ = Domains.GetUnicode(domain);
        return domain;
    }

    // the same without asking the tables of all the world's letters, which takes twenty times as long
    private static bool IsPlainDomain(ReadOnlySpan<char> domain)
    {
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (
                label.Length is 0 or > 63
                || label[0] == '-'
                || label[^1] == '-'
                || (label.Length > 3 && label[2..4].SequenceEqual("--"))
                || label.ContainsAnyExcept(PlainLetters)
            )
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As the mail library has it.</summary>
    internal MailboxAddress ForMailKit() => new(null, Address);

    // no control, no line or paragraph mark, no blank but the plain one, nothing invisible, no half of a letter
    private static bool IsVisible(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return true;
        }
        foreach (var rune in text.EnumerateRunes())
        {
            if (
                rune == Rune.ReplacementChar
                || Rune.GetUnicodeCategory(rune)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.OtherNotAssigned
                        or UnicodeCategory.PrivateUse
                || (Rune.IsWhiteSpace(rune) && rune.Value != ' ')
            )
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsDotAtom(ReadOnlySpan<char> local)
    {
        foreach (var range in local.Split('.'))
        {
            var atom = local[range];
            if (atom.IsEmpty || (atom.ContainsAnyExcept(AtomText) && !IsAtomBeyondAscii(atom)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsAtomBeyondAscii(ReadOnlySpan<char> atom)
    {
        foreach (var letter in atom)
        {
            if (char.IsAscii(letter) && !AtomText.Contains(letter))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsQuoted(string local)
    {
        // "" and " " are quoted strings too, but no mailbox has ever been called nothing
        if (local is not ['"', _, .., '"'] || Unquoted(local).Trim().Length == 0)
        {
            return false;
        }
        for (var i = 1; i < local.Length - 1; i++)
        {
            if (local[i] == '"' || (local[i] == '\\' && (++i == local.Length - 1 || local[i] > '\x7e')))
            {
                return false;
            }
        }
        return true;
    }

    private static string Unquoted(string quoted)
    {
        var bare = new StringBuilder(quoted.Length);
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            bare.Append(quoted[i] == '\\' && i < quoted.Length - 2 ? quoted[++i] : quoted[i]);
        }
        return bare.ToString();
    }
}
