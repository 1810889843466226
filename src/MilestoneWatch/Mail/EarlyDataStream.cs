namespace MilestoneWatch.Mail;

/// <summary>
/// Sends DATA in one group with MAIL and RCPT, as RFC 2920 §3.1 allows, for a client that would wait for their replies first: two round
/// trips a mail, not three. Content still leaves only after the relay took the recipient and said 354, and the client still reads the
/// reply to what it asked; where a relay makes that impossible, the connection is given up.
/// </summary>
/// <remarks>For a relay that offers PIPELINING, once the client has logged in; one recipient a mail.</remarks>
internal sealed class EarlyDataStream(Stream inner) : Stream
{
    private const int StartMailInput = 354;
    private const string OutOfStep = "The relay's replies are not those to our commands, and the connection was given up";

    private static readonly byte[] Data = "DATA\r\n"u8.ToArray();
    private static readonly byte[] Dot = ".\r\n"u8.ToArray();

    private readonly byte[] input = new byte[1024];
    private readonly ReplyEnd end = new();
    private ReadOnlyMemory<byte> unread;
    private Reply next = Reply.Any;
    private bool early;
    private bool recipientRefused;

    /// <summary>What the relay's next reply answers.</summary>
    private enum Reply
    {
        Any,
        Mail,
        Rcpt,
        Data,
        Content,
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override bool CanTimeout => true;
    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }
    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (next)
        {
            case Reply.Any when IsEnvelope(buffer.Span):
                (next, early) = (Reply.Mail, true);
                buffer = (byte[])[.. buffer.Span, .. Data];
                break;
            case Reply.Any when buffer.Span.SequenceEqual(Data):
                (next, early) = (Reply.Data, false);
                break;
            case Reply.Data when early && buffer.Span.SequenceEqual(Data):
                // it is with the relay already
                early = false;
                return;
            case Reply.Data when early:
                await WithdrawDataAsync(cancellationToken);
                break;
            case Reply.Mail or Reply.Rcpt or Reply.Data:
                throw new IOException(OutOfStep);
        }
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (next == Reply.Any && unread.IsEmpty)
            return await inner.ReadAsync(buffer, cancellationToken);
        var part = await TakeAsync(buffer.Length, cancellationToken);
        part.CopyTo(buffer);
        return part.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>MAIL and one RCPT, both whole: what the client writes at once to a relay that offers PIPELINING, and never else.</summary>
    private static bool IsEnvelope(ReadOnlySpan<byte> written)
    {
        var mail = written.IndexOf("\r\n"u8) + 2;
        return written.StartsWith("MAIL FROM:"u8)
            && written[mail..].StartsWith("RCPT TO:"u8)
            && written[mail..].IndexOf("\r\n"u8) == written.Length - mail - 2;
    }

    /// <summary>The client goes no further with this mail: the reply to DATA is not for it.</summary>
    private async ValueTask WithdrawDataAsync(CancellationToken ct)
    {
        await DropReplyAsync(ct);
        if (next == Reply.Content)
        {
            // 354 to nobody asks for a dot (RFC 2920 §3.1); with a recipient, a dot would deliver an empty mail
            if (!recipientRefused)
                throw new IOException(OutOfStep);
            await inner.WriteAsync(Dot, ct);
            await inner.FlushAsync(ct);
            await DropReplyAsync(ct);
        }
        if (!unread.IsEmpty)
            throw new IOException(OutOfStep);
    }

    private async ValueTask DropReplyAsync(CancellationToken ct)
    {
        for (var dropped = next; next == dropped; )
            if ((await TakeAsync(input.Length, ct)).IsEmpty)
                throw new IOException("The relay hung up");
    }

    /// <summary>What has come of the next reply, and nothing of the one after it. Empty at the connection's end.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync(int most, CancellationToken ct)
    {
        if (unread.IsEmpty)
            unread = input.AsMemory(0, await inner.ReadAsync(input, ct));
        var part = unread[..Math.Min(most, unread.Length)];
        if (next != Reply.Any)
            part = part[..end.Take(part.Span)];
        unread = unread[part.Length..];
        if (next != Reply.Any && end.Code is { } code)
            Answered(code);
        return part;
    }

    private void Answered(int code)
    {
        (next, recipientRefused) = next switch
        {
            Reply.Mail => (Reply.Rcpt, false),
            Reply.Rcpt => (Reply.Data, code is >= 400 and < 600),
            Reply.Data when code == StartMailInput => (Reply.Content, recipientRefused),
            _ => (Reply.Any, false),
        };
        // else it would pass for the reply to the content
        if (next == Reply.Content && !unread.IsEmpty)
            throw new IOException(OutOfStep);
    }
}
