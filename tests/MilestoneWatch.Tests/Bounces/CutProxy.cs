using System.Net;
using System.Net.Sockets;

namespace MilestoneWatch.Tests.Bounces;

/// <summary>Passes one connection on, until the server has said so many bytes: then the line is cut.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _run;

    public CutProxy(int port, int bytes)
    {
        _listener.Start();
        _run = RunAsync(port, bytes);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private async Task RunAsync(int port, int bytes)
    {
        using var inside = await _listener.AcceptTcpClientAsync();
        using var outside = new TcpClient();
        await outside.ConnectAsync(IPAddress.Loopback, port);
        var upwards = inside.GetStream().CopyToAsync(outside.GetStream());
        var buffer = new byte[1024];
        int length;
        while (bytes > 0 && (length = await outside.GetStream().ReadAsync(buffer)) > 0)
        {
            await inside.GetStream().WriteAsync(buffer.AsMemory(0, Math.Min(length, bytes)));
            bytes -= length;
        }
        inside.Client.Close(0);
        await upwards.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _run.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
