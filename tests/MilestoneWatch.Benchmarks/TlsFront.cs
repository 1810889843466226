using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MilestoneWatch.Benchmarks;

/// <summary>TLS before the sink, which has none: decrypts and passes on. Its processor time is on the same machine.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly int _sink;
    private Task _serving = Task.CompletedTask;

    private TlsFront(int sink)
    {
        _sink = sink;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var today = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(1));
        File.WriteAllText(Path.Combine(_folder.Path, "ca.pem"), _certificate.ExportCertificatePem());
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How `mw` comes to trust it, and to ask for it.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SSL_CERT_FILE"] = Path.Combine(_folder.Path, "ca.pem"),
            ["MW_Smtp__Security"] = "tls",
        };

    public static Task<TlsFront> StartAsync(MailSink sink, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var front = new TlsFront(sink.Port);
        front._serving = front.ServeAsync();
        return Task.FromResult(front);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        _end.Dispose();
        _folder.Dispose();
    }

    private async Task ServeAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var accepted = client;
        using var sink = new TcpClient { NoDelay = true };
        accepted.NoDelay = true;
        try
        {
            await sink.ConnectAsync(IPAddress.Loopback, _sink, _end.Token);
            await using var secure = new SslStream(accepted.GetStream());
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            var plain = sink.GetStream();
            await Task.WhenAny(secure.CopyToAsync(plain, 32 << 10, _end.Token), plain.CopyToAsync(secure, 32 << 10, _end.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // the other side hung up
        }
    }
}
