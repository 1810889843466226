using MailKit.Net.Smtp;

namespace MilestoneWatch.Mail;

/// <summary>Finds where a relay's reply ends (RFC 5321 §4.2.1), however it is cut into pieces.</summary>
internal sealed class ReplyEnd
{
    private const int CodeLength = 3;

    private int column;
    private int line;
    private int before;
    private bool goesOn;

    /// <summary>The code of the reply whose last octet was taken last; null within a reply.</summary>
    public int? Code { get; private set; }

    /// <summary>Takes octets up to the end of a reply, and says how many. Throws at what is no reply.</summary>
    public int Take(ReadOnlySpan<byte> octets)
    {
        Code = null;
        for (var i = 0; i < octets.Length; i++)
        {
            if (column < CodeLength)
                line = (10 * line) + Digit(octets[i]);
            else if (column == CodeLength)
                AfterCode(octets[i]);
            column = Math.Min(column + 1, CodeLength + 1);
            if (octets[i] != '\n')
                continue;
            (column, line) = (0, 0);
            if (goesOn)
                continue;
            (Code, before) = (before, 0);
            return i + 1;
        }
        return octets.Length;
    }

    private void AfterCode(byte octet)
    {
        if (octet is not ((byte)'-' or (byte)' ' or (byte)'\r' or (byte)'\n') || line < 100 || (before != 0 && before != line))
            throw NoReply();
        goesOn = octet == '-';
        before = line;
    }

    private static int Digit(byte octet) => char.IsAsciiDigit((char)octet) ? octet - '0' : throw NoReply();

    private static SmtpProtocolException NoReply() => new("The relay said what is no SMTP reply");
}
