using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MilestoneWatch.Benchmarks;

/// <summary>Postfix's smtp-sink on loopback: takes mail and forgets it.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly Process _sink;

    private MailSink(Process sink, int port) => (_sink, Port) = (sink, port);

    public int Port { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static async Task<MailSink> StartAsync(CancellationToken ct)
    {
        var port = FreePort();
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        // it refuses to serve as root
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "postfix"] : [];
        var start = new ProcessStartInfo(Tool("smtp-sink"), [.. user, address, "1000"]) { UseShellExecute = false };
        var sink = new MailSink(Process.Start(start) ?? throw new InvalidOperationException("smtp-sink"), port);
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, ct);
                return sink;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sink.Kill();
        await _sink.WaitForExitAsync(CancellationToken.None);
        _sink.Dispose();
    }

    /// <summary>One of Postfix's tools, which Debian keeps out of an ordinary user's path.</summary>
    public static string Tool(string name) =>
        File.Exists($"/usr/sbin/{name}")
            ? $"/usr/sbin/{name}"
            : throw new InvalidOperationException($"{name} is not here: install Debian's package postfix");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
