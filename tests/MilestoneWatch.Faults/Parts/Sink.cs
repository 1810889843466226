using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MilestoneWatch.Faults;

/// <summary>A relay on loopback that writes down every mail it takes before it says so, and misbehaves as its temper has it.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _tries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _takenFrom = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Task> _sessions = new();
    private readonly Task _accepting;
    private int _connections;
    private int _taken;
    private int _troubles;

    public Sink(RawLog log, Temper temper)
    {
        Log = log;
        Temper = temper;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RawLog Log { get; }

    /// <summary>May change while it runs.</summary>
    public Temper Temper { get; set; }

    /// <summary>How long a hang lasts.</summary>
    public TimeSpan Hang { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Mails written down so far, duplicates and all.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Mails that met trouble.</summary>
    public int Troubles => Volatile.Read(ref _troubles);

    /// <summary>Mails taken from whoever says this name at EHLO.</summary>
    public int TakenFrom(string name) => _takenFrom.GetValueOrDefault(name);

    /// <summary>What is to be done to the mail that names this recipient now.</summary>
    public Trouble TroubleFor(string recipient)
    {
        var trouble = Temper.Of(recipient, _tries.AddOrUpdate(recipient, 1, (_, tries) => tries + 1));
        Interlocked.Add(ref _troubles, trouble == Trouble.None ? 0 : 1);
        return trouble;
    }

    public void Take(int connection, string sender, string recipient, ReadOnlySpan<byte> content)
    {
        Log.Append(connection, recipient, content);
        Interlocked.Increment(ref _taken);
        _takenFrom.AddOrUpdate(sender, 1, (_, taken) => taken + 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_sessions.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                var number = ++_connections;
                var session = TalkAsync(number, socket);
                _sessions[number] = session;
                _ = session.ContinueWith(_ => _sessions.TryRemove(number, out var _), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task TalkAsync(int number, Socket socket)
    {
        await Task.Yield();
        using (socket)
        {
            try
            {
                await new SinkSession(this, number, socket).RunAsync(_stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // the other side is gone, or we are
            }
        }
    }
}
