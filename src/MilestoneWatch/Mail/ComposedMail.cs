namespace MilestoneWatch.Mail;

/// <summary>One mail to one recipient, as bytes: the same at each attempt.</summary>
/// <param name="EnvelopeFrom">The return path, a bare address.</param>
/// <param name="PickupName">Makes the file name, without ".eml", where mail is written to a folder.</param>
/// <param name="Headers">Header lines, each ending in CRLF, without the blank line.</param>
/// <param name="Body">What follows the blank line, in segments, ending in CRLF.</param>
internal sealed record ComposedMail(
    string EnvelopeFrom,
    string Recipient,
    Func<string> PickupName,
    ReadOnlyMemory<byte> Headers,
    IReadOnlyList<ReadOnlyMemory<byte>> Body
)
{
    /// <summary>Octets in all, with the blank line, before dot-stuffing: what SIZE (RFC 1870) counts.</summary>
    public long Size => Headers.Length + 2L + Body.Sum(segment => (long)segment.Length);
}
