using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace MilestoneWatch.Tests.Bounces;

/// <summary>A real IMAP server of this test's own: Dovecot on a free port, with its configuration and mail in a temporary folder.</summary>
internal sealed class Dovecot : IAsyncDisposable
{
    public const string Password = "a-password-of-tests";
    private const string Binary = "/usr/sbin/dovecot";

    private readonly string _folder = Directory.CreateTempSubdirectory("mw-imap-").FullName;
    private Process? _server;

    public int Port { get; } = FreePort();

    /// <summary>Null where there is none on this machine; in CI there has to be.</summary>
    public static async Task<Dovecot> StartAsync(bool withCertificate = false)
    {
        if (!File.Exists(Binary) || !Environment.IsPrivilegedProcess)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "needs Debian's dovecot-imapd, as root");
            Assert.Fail("dovecot-imapd is missing");
        }
        var dovecot = new Dovecot();
        dovecot.Configure(withCertificate);
        await dovecot.StartAsync();
        return dovecot;
    }

    /// <summary>Starts it again, with all the mail it had.</summary>
    public async Task StartAsync()
    {
        _server = Process.Start(new ProcessStartInfo(Binary, ["-F", "-c", Path.Combine(_folder, "dovecot.conf")]))!;
        for (var i = 0; i < 200; i++)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
        Assert.Fail("Dovecot does not start");
    }

    public async Task StopAsync()
    {
        if (_server is { HasExited: false } server)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{server.Id}"]);
            await server.WaitForExitAsync(CancellationToken.None);
        }
        _server?.Dispose();
        _server = null;
    }

    public Dictionary<string, string?> Settings(params (string Key, string Value)[] changed)
    {
        var keys = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Bounces:Host"] = "127.0.0.1",
            ["Bounces:Port"] = $"{Port}",
            ["Bounces:Security"] = "none",
            ["Bounces:User"] = "bounces",
            ["Bounces:Password"] = Password,
        };
        foreach (var (key, value) in changed)
        {
            keys[key] = value;
        }
        return keys;
    }

    public async Task<T> WithAsync<T>(Func<ImapClient, Task<T>> work)
    {
        using var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", Port, SecureSocketOptions.None, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync("bounces", Password, TestContext.Current.CancellationToken);
        var result = await work(client);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        return result;
    }

    public Task DeliverAsync(params byte[][] messages) =>
        WithAsync(async client =>
        {
            foreach (var message in messages)
            {
                using var stream = new MemoryStream(message);
                await client.Inbox!.AppendAsync(
                    new AppendRequest(await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken)),
                    TestContext.Current.CancellationToken
                );
            }
            return 0;
        });

    /// <summary>How many messages a folder has.</summary>
    public Task<int> CountAsync(string folder) =>
        WithAsync(async client =>
        {
            var opened = await client.GetFolderAsync(folder, TestContext.Current.CancellationToken);
            await opened.OpenAsync(FolderAccess.ReadOnly, TestContext.Current.CancellationToken);
            return opened.Count;
        });

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Configure(bool withCertificate)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "mail"));
        if (!OperatingSystem.IsWindows())
        {
            // Dovecot reads mail as an unprivileged user, who has to get here
            const UnixFileMode All = (UnixFileMode)0x1ff;
            File.SetUnixFileMode(_folder, All);
            File.SetUnixFileMode(Path.Combine(_folder, "mail"), All);
        }
        var tls = "ssl = no";
        if (withCertificate)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=imap.example.org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
            File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
            tls = $"""
                ssl = yes
                ssl_cert = <{_folder}/cert.pem
                ssl_key = <{_folder}/key.pem
                """;
        }
        File.WriteAllText(
            Path.Combine(_folder, "dovecot.conf"),
            $$"""
            base_dir = {{_folder}}/run
            log_path = {{_folder}}/log
            protocols = imap
            listen = 127.0.0.1
            {{tls}}
            disable_plaintext_auth = no
            mail_location = maildir:{{_folder}}/mail/%u
            first_valid_uid = 1
            auth_mechanisms = plain login
            auth_failure_delay = 0
            passdb {
              driver = static
              args = password={{Password}}
            }
            userdb {
              driver = static
              args = uid=mail gid=mail home={{_folder}}/mail/%u
            }
            service imap-login {
              inet_listener imap {
                port = {{Port}}
              }
              inet_listener imaps {
                port = 0
              }
            }

            """
        );
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
