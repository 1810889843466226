using System.Net.Sockets;

namespace MilestoneWatch.Mail;

/// <summary>A connection's bytes, with an end to waiting: reading and writing take at most <see cref="ReadTimeout"/> and <see cref="WriteTimeout"/>; then the connection is gone.</summary>
internal sealed class WireStream : Stream
{
    private const string NotInTime = "it took too long, and the connection was given up";

    private readonly Socket _socket;
    private readonly Timer _deadline;
    private volatile bool _late;

    /// <param name="socket">Connected; it goes with the stream.</param>
    public WireStream(Socket socket)
    {
        _socket = socket;
        _deadline = new Timer(static stream => ((WireStream)stream!).GiveUp(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Octets have come that were not read; or it has ended.</summary>
    public bool HasInput => _late || _socket.Poll(0, SelectMode.SelectRead);

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
        ThrowIfLate();
        var receiving = _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        return receiving.IsCompletedSuccessfully ? receiving.Result : await InTimeAsync(receiving, ReadTimeout);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            ThrowIfLate();
            var sending = _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
            buffer = buffer[(sending.IsCompletedSuccessfully ? sending.Result : await InTimeAsync(sending, WriteTimeout))..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // nothing waits here
    }

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
