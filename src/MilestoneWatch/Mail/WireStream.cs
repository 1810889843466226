using System.Net.Sockets;

namespace MilestoneWatch.Mail;

/// <summary>
/// A connection's bytes: what is written waits until it is flushed, or an answer is read, and leaves at once then. MailKit writes a mail in
/// pieces of 4 kB; each on its way alone would cost both ends a wake-up.
/// </summary>
/// <remarks>Reading and writing take at most <see cref="ReadTimeout"/> and <see cref="WriteTimeout"/>; then the connection is gone.</remarks>
internal sealed class WireStream : Stream
{
    /// <summary>Octets that wait at most; a long digest fits.</summary>
    private const int Most = 128 << 10;

    private const string NotInTime = "it took too long, and the connection was given up";

    private readonly Socket _socket;
    private readonly Timer _deadline;
    private byte[] _waiting = new byte[16 << 10];
    private int _length;
    private volatile bool _late;

    /// <param name="socket">Connected; it goes with the stream.</param>
    public WireStream(Socket socket)
    {
        _socket = socket;
        _deadline = new Timer(static stream => ((WireStream)stream!).GiveUp(), this, Timeout.Infinite, Timeout.Infinite);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override bool CanTimeout => true;
    public override int ReadTimeout { get; set; } = Timeout.Infinite;
    public override int WriteTimeout { get; set; } = Timeout.Infinite;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_length > 0)
        {
            await FlushAsync(cancellationToken);
        }
        ThrowIfLate();
        var receiving = _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        return receiving.IsCompletedSuccessfully ? receiving.Result : await InTimeAsync(receiving, ReadTimeout);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_length + buffer.Length > Most)
        {
            await FlushAsync(cancellationToken);
        }
        if (buffer.Length > Most)
        {
            await SendAsync(buffer, cancellationToken);
            return;
        }
        if (_length + buffer.Length > _waiting.Length)
        {
            Array.Resize(ref _waiting, Math.Min(Most, Math.Max(2 * _waiting.Length, _length + buffer.Length)));
        }
        buffer.CopyTo(_waiting.AsMemory(_length));
        _length += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        var length = _length;
        _length = 0;
        await SendAsync(_waiting.AsMemory(0, length), cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deadline.Dispose();
            _socket.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        while (!bytes.IsEmpty)
        {
            ThrowIfLate();
            var sending = _socket.SendAsync(bytes, SocketFlags.None, ct);
            bytes = bytes[(sending.IsCompletedSuccessfully ? sending.Result : await InTimeAsync(sending, WriteTimeout))..];
        }
    }

    private async ValueTask<int> InTimeAsync(ValueTask<int> transfer, int milliseconds)
    {
        _deadline.Change(milliseconds, Timeout.Infinite);
        try
        {
            return await transfer;
        }
        catch (Exception e) when (_late && e is SocketException or ObjectDisposedException)
        {
            throw new TimeoutException(NotInTime, e);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            if (!_late)
            {
                _deadline.Change(Timeout.Infinite, Timeout.Infinite);
            }
        }
    }

    private void ThrowIfLate()
    {
        if (_late)
        {
            throw new TimeoutException(NotInTime);
        }
    }

    private void GiveUp()
    {
        _late = true;
        _socket.Dispose();
    }
}
