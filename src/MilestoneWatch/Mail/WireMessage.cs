using MimeKit;
using MimeKit.IO;

namespace MilestoneWatch.Mail;

/// <summary>Passes a composed mail's bytes through MailKit as they are.</summary>
internal static class WireMessage
{
    public static MimeMessage Of(ComposedMail mail, SendGate gate) =>
        new(Enumerable.Repeat<Header>(new Block(mail.Headers.ToArray()), 1)) { Body = new Content(mail.Body, gate) };

    /// <summary>All header lines as one header: MimeKit writes an invalid one verbatim.</summary>
    private sealed class Block(byte[] lines) : Header(ParserOptions.Default, lines, 0, [], invalid: true);

    private sealed class Content : MimeEntity
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>> segments;
        private readonly SendGate gate;

        public Content(IReadOnlyList<ReadOnlyMemory<byte>> segments, SendGate gate)
            : base("multipart", "alternative")
        {
            this.segments = segments;
            this.gate = gate;
            // the Content-Type is in the block already
            Headers.Clear();
        }

        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
            // already 7-bit
        }

        public override async Task WriteToAsync(
            FormatOptions options,
            Stream stream,
            bool contentOnly,
            CancellationToken cancellationToken = default
        )
        {
            gate.BeginContent();
            // MailKit's filter stuffs dots octet by octet, a tenth of a mail's processor time; it has nothing of its own to say after a line's end
            var stuffed = (stream as FilteredStream)?.Source;
            if (stuffed is null)
                foreach (var segment in segments)
                    await stream.WriteAsync(segment, cancellationToken);
            else
                await DotStuffing.WriteAsync(stuffed, segments, cancellationToken);
            gate.EndContent();
        }
    }
}
