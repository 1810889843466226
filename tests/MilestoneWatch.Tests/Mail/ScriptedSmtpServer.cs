using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MilestoneWatch.Tests.Mail;

/// <summary>A relay on loopback that misbehaves by script: one script a connection, the last one for all that follow.</summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly SmtpScript[] scripts;
    private readonly Task accepting;
    private int connections;

    public ScriptedSmtpServer(params SmtpScript[] scripts)
    {
        this.scripts = scripts.Length == 0 ? [new SmtpScript()] : scripts;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Connections => connections;

    /// <summary>What was said to us, in order, without content.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What came in one reading, as it came; TLS undone.</summary>
    public ConcurrentQueue<string> Reads { get; } = new();

    /// <summary>Every content that ended in a final dot, dot-stuffing undone, accepted or not.</summary>
    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>Completes when the first final dot was read.</summary>
    public TaskCompletionSource FirstDot { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first RCPT was read.</summary>
    public TaskCompletionSource FirstRcpt { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the relay has closed its first connection.</summary>
    public TaskCompletionSource FirstClosed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        await Task.WhenAll(sessions);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stop.Token);
                socket.NoDelay = true;
                var script = scripts[Math.Min(connections, scripts.Length - 1)];
                Interlocked.Increment(ref connections);
                sessions.Add(TalkAsync(socket, script));
            }
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task TalkAsync(Socket socket, SmtpScript script)
    {
        using (socket)
        {
            try
            {
                await using var session = new Session(this, socket, script);
                await session.RunAsync(stop.Token);
            }
            catch (Exception e)
                when (e
                        is IOException
                            or OperationCanceledException
                            or SocketException
                            or DroppedException
                            or System.Security.Authentication.AuthenticationException
                )
            {
                // the other side, or the script, hung up
            }
        }
        FirstClosed.TrySetResult();
    }

    private sealed class DroppedException : Exception;

    private sealed class Session(ScriptedSmtpServer server, Socket socket, SmtpScript first) : IAsyncDisposable
    {
        private readonly StringBuilder replies = new();
        private SmtpScript script = first;
        private Stream stream = new NetworkStream(socket, ownsSocket: false);
        private readonly byte[] buffer = new byte[16384];
        private int start;
        private int end;
        private bool secure;
        private string from = "";
        private string to = "";

        public ValueTask DisposeAsync() => stream.DisposeAsync();

        public async Task RunAsync(CancellationToken ct)
        {
            await ReplyAsync(script.Greeting, ct);
            var mails = 0;
            var begun = 0;
            var (fromTaken, toTaken) = (false, false);
            while (await LineAsync(ct) is { } line)
            {
                server.Commands.Enqueue(line);
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await ReplyAsync(Ehlo(), ct);
                        break;
                    case "STARTTLS":
                        await ReplyAsync("220 go ahead", ct);
                        await FlushAsync(ct);
                        await SecureAsync(ct);
                        break;
                    case "AUTH":
                        await ReplyAsync(script.Auth, ct);
                        break;
                    case "MAIL":
                        from = line;
                        if (begun++ > 0)
                            script = script.Then ?? script;
                        (fromTaken, toTaken) = (IsYes(script.Mail), false);
                        await ReplyAsync(script.Mail, ct);
                        break;
                    case "RCPT":
                        to = line;
                        server.FirstRcpt.TrySetResult();
                        toTaken = IsYes(script.Rcpt);
                        await ReplyAsync(script.Rcpt, ct);
                        break;
                    case "DATA":
                        var toSomebody = fromTaken && toTaken;
                        var data = toSomebody ? script.Data : script.DataToNobody;
                        if (script.BeforeData is { } beforeData)
                            await beforeData.WaitAsync(ct);
                        await ReplyAsync(data, ct);
                        if (!data.StartsWith("354", StringComparison.Ordinal))
                            break;
                        if (script.DropInContent)
                            throw new DroppedException();
                        await ContentAsync(ct);
                        if (script.BeforeFinal is { } wait)
                            await wait.WaitAsync(ct);
                        await ReplyAsync(toSomebody ? script.Final : script.FinalToNobody, ct);
                        mails++;
                        if (mails != script.IdleCloseAfter)
                            break;
                        await ReplyAsync("421 4.4.2 idle for too long", ct);
                        await FlushAsync(ct);
                        return;
                    case "QUIT":
                        await ReplyAsync("221 bye", ct);
                        await FlushAsync(ct);
                        return;
                    default:
                        await ReplyAsync("250 ok", ct);
                        break;
                }
            }
        }

        private string Ehlo()
        {
            var offers = script.Offers.Where(o => !(secure && string.Equals(o, "STARTTLS", StringComparison.Ordinal))).ToList();
            return string.Join("\r\n", offers.Select(o => $"250-{o}").Prepend("250-relay.test").Append("250 HELP"));
        }

        private async Task SecureAsync(CancellationToken ct)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = script.Certificate }, ct);
            stream = tls;
            secure = true;
        }

        private static bool IsYes(string reply) => reply.StartsWith('2');

        private async Task ReplyAsync(string reply, CancellationToken ct)
        {
            var (drops, hangs) = (
                string.Equals(reply, SmtpScript.Drop, StringComparison.Ordinal),
                string.Equals(reply, SmtpScript.Hang, StringComparison.Ordinal)
            );
            if (!drops && !hangs)
                replies.Append(reply).Append("\r\n");
            if (!script.Together || drops || hangs)
                await FlushAsync(ct);
            if (drops)
                throw new DroppedException();
            if (hangs)
                await Task.Delay(Timeout.Infinite, ct);
        }

        private async Task FlushAsync(CancellationToken ct)
        {
            var bytes = Encoding.ASCII.GetBytes(replies.ToString());
            replies.Clear();
            for (var i = 0; i < bytes.Length; i += script.Chunk)
                await stream.WriteAsync(bytes.AsMemory(i, Math.Min(script.Chunk, bytes.Length - i)), ct);
        }

        private async Task ContentAsync(CancellationToken ct)
        {
            using var content = new MemoryStream();
            while (true)
            {
                var line = await RawLineAsync(ct) ?? throw new DroppedException();
                if (line is [(byte)'.', (byte)'\r', (byte)'\n'])
                    break;
                content.Write(line[0] == '.' ? line.AsSpan(1) : line);
            }
            server.Mails.Enqueue(new ReceivedMail(from, to, content.ToArray(), secure));
            server.FirstDot.TrySetResult();
        }

        private async Task<string?> LineAsync(CancellationToken ct) =>
            await RawLineAsync(ct) is { } raw ? Encoding.UTF8.GetString(raw).TrimEnd('\r', '\n') : null;

        private async Task<byte[]?> RawLineAsync(CancellationToken ct)
        {
            using var line = new MemoryStream();
            while (true)
            {
                var newline = Array.IndexOf(buffer, (byte)'\n', start, end - start);
                var upTo = newline < 0 ? end : newline + 1;
                line.Write(buffer, start, upTo - start);
                start = upTo;
                if (newline >= 0)
                    return line.ToArray();
                start = 0;
                await FlushAsync(ct);
                end = await stream.ReadAsync(buffer, ct);
                if (end > 0)
                    server.Reads.Enqueue(Encoding.UTF8.GetString(buffer, 0, end));
                if (end == 0)
                    return null;
            }
        }
    }
}

internal sealed record ReceivedMail(string From, string To, byte[] Bytes, bool Secure);

/// <summary>What a connection answers; the defaults are a relay in good health.</summary>
internal sealed record SmtpScript
{
    /// <summary>Instead of a reply: closes the connection.</summary>
    public const string Drop = "(drop)";

    /// <summary>Instead of a reply: says nothing, for ever.</summary>
    public const string Hang = "(hang)";

    public string Greeting { get; init; } = "220 relay.test ESMTP";
    public IReadOnlyList<string> Offers { get; init; } = ["PIPELINING", "8BITMIME", "SIZE 1000000"];
    public string Auth { get; init; } = "235 welcome";
    public string Mail { get; init; } = "250 2.1.0 sender ok";
    public string Rcpt { get; init; } = "250 2.1.5 recipient ok";
    public string Data { get; init; } = "354 go on";
    public bool DropInContent { get; init; }

    /// <summary>The answer to DATA where the sender or the recipient was refused.</summary>
    public string DataToNobody { get; init; } = "554 5.5.1 no valid recipients";

    /// <summary>The answer to the final dot of a content that nobody is to get.</summary>
    public string FinalToNobody { get; init; } = "554 5.5.1 no valid recipients";

    /// <summary>Awaited before the answer to DATA.</summary>
    public Task? BeforeData { get; init; }

    public string Final { get; init; } = "250 2.0.0 queued as 42";

    /// <summary>Awaited between the final dot and its answer.</summary>
    public Task? BeforeFinal { get; init; }

    /// <summary>Octets a write.</summary>
    public int Chunk { get; init; } = int.MaxValue / 2;

    /// <summary>Answers all that came in one reading in one write.</summary>
    public bool Together { get; init; }

    /// <summary>How it goes on, on the same connection, from the next mail on.</summary>
    public SmtpScript? Then { get; init; }

    /// <summary>Says 421 and hangs up after that many mails.</summary>
    public int? IdleCloseAfter { get; init; }

    public X509Certificate2? Certificate { get; init; }
}
