using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MilestoneWatch.Faults;

/// <summary>A bad network before a server on loopback: it delays pieces and cuts connections, as its seed has it.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    // the first words of a connection pass: a cut there is a relay in trouble, which is another fault
    private const int FirstPieces = 8;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, Task> _lines = new();
    private readonly int _target;
    private readonly int _seed;
    private readonly Task _accepting;
    private int _connections;
    private int _cuts;

    public Proxy(int target, int seed)
    {
        (_target, _seed) = (target, seed);
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>One piece in so many cuts its connection; 0 is none.</summary>
    public int CutOneIn { get; set; }

    /// <summary>One piece in so many waits, up to <see cref="MostDelay"/>; 0 is none.</summary>
    public int DelayOneIn { get; set; }

    public TimeSpan MostDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    public int Cuts => Volatile.Read(ref _cuts);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_lines.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                var number = ++_connections;
                var line = JoinAsync(socket, new Random(HashCode(number)));
                _lines[number] = line;
                _ = line.ContinueWith(_ => _lines.TryRemove(number, out var _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private int HashCode(int number) => unchecked((_seed * 7919) + (number * 104729));

    private async Task JoinAsync(Socket near, Random random)
    {
        using (near)
        using (var far = new Socket(SocketType.Stream, ProtocolType.Tcp))
        using (var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            near.NoDelay = far.NoDelay = true;
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target, cut.Token);
                var random2 = new Random(random.Next());
                var both = new[] { PumpAsync(near, far, random, cut), PumpAsync(far, near, random2, cut) };
                await Task.WhenAny(both);
                await cut.CancelAsync();
                await Task.WhenAll(both);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // cut
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Random random, CancellationTokenSource cut)
    {
        await Task.Yield();
        var buffer = new byte[16384];
        try
        {
            for (var pieces = 0; await from.ReceiveAsync(buffer, cut.Token) is > 0 and var read; pieces++)
            {
                if (pieces > FirstPieces && CutOneIn > 0 && random.Next(CutOneIn) == 0)
                {
                    Interlocked.Increment(ref _cuts);
                    // half of what was on its way may still arrive
                    await to.SendAsync(buffer.AsMemory(0, random.Next(read)), cut.Token);
                    return;
                }
                if (DelayOneIn > 0 && random.Next(DelayOneIn) == 0)
                {
                    await Task.Delay(MostDelay * random.NextDouble(), TimeProvider.System, cut.Token);
                }
                await to.SendAsync(buffer.AsMemory(0, read), cut.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // the other direction ended it
        }
    }
}
