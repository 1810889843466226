using System.Net;
using System.Net.Sockets;
using System.Text;
using MilestoneWatch.Faults;

namespace MilestoneWatch.Tests.Faults;

public sealed class SinkTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly RawLog _log;

    public SinkTests() => _log = new RawLog(_path);

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(_path);
    }

    [Theory]
    [InlineData(nameof(Trouble.None), "250 250 354 250", 1)]
    [InlineData(nameof(Trouble.TemporaryAtRecipient), "250 450", 0)]
    [InlineData(nameof(Trouble.PermanentAtRecipient), "250 550", 0)]
    [InlineData(nameof(Trouble.TemporaryAtData), "250 250 451", 0)]
    [InlineData(nameof(Trouble.PermanentAtData), "250 250 554", 0)]
    [InlineData(nameof(Trouble.TemporaryAtDot), "250 250 354 452", 0)]
    [InlineData(nameof(Trouble.PermanentAtDot), "250 250 354 554", 0)]
    [InlineData(nameof(Trouble.DropAtRecipient), "250 gone", 0)]
    [InlineData(nameof(Trouble.DropInContent), "250 250 354 gone", 0)]
    [InlineData(nameof(Trouble.DropAfterTaking), "250 250 354 gone", 1)]
    [InlineData(nameof(Trouble.DropBeforeTaking), "250 250 354 gone", 0)]
    public async Task Each_trouble_is_what_it_says(string trouble, string replies, int taken)
    {
        await using var sink = new Sink(_log, new Temper(1, (Enum.Parse<Trouble>(trouble), 1000)));

        Assert.Equal(replies, await SendAsync(sink, "ada@example.org"));
        Assert.Equal(taken, RawLog.Read(_path).Count());
    }

    [Fact]
    public async Task The_log_knows_the_same_mail_again_and_another_from_it()
    {
        await using (var sink = new Sink(_log, Temper.Calm))
        {
            foreach (var to in (string[])["ada@example.org", "ada@example.org", "bob@example.org"])
            {
                await SendAsync(sink, to);
            }
            Assert.Equal(3, sink.Taken);
        }
        var mails = RawLog.Read(_path).ToList();

        Assert.Equal(["ada@example.org", "ada@example.org", "bob@example.org"], mails.Select(mail => mail.Recipient));
        Assert.Equal(mails[0], mails[1]);
        Assert.NotEqual(mails[0].Hash, mails[2].Hash);
        Assert.All(mails, mail => Assert.EndsWith("@faults.example", mail.MessageId, StringComparison.Ordinal));
    }

    [Fact]
    public void A_temper_is_the_same_in_every_run_and_ends_in_peace()
    {
        var temper = new Temper(7, (Trouble.DropAfterTaking, 1000));

        Assert.Equal(Trouble.DropAfterTaking, temper.Of("ada@example.org", 1));
        Assert.Equal(Trouble.None, temper.Of("ada@example.org", 4));
        var shares = Enumerable.Range(0, 10_000).Count(n => new Temper(7, (Trouble.HangAtDot, 100)).Of($"{n}", 1) == Trouble.HangAtDot);
        Assert.InRange(shares, 900, 1_100);
    }

    /// <summary>The codes that one mail is answered with.</summary>
    private static async Task<string> SendAsync(Sink sink, string to)
    {
        var ct = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, sink.Port, ct);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var codes = new List<string>();
        await reader.ReadLineAsync(ct);
        foreach (
            var said in (string[])
                [
                    "MAIL FROM:<watch@faults.example>",
                    $"RCPT TO:<{to}>",
                    "DATA",
                    $"Message-ID: <{to[..3]}@faults.example>\r\n\r\n..{to}\r\n.",
                ]
        )
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(said + "\r\n"), ct);
            string? reply;
            try
            {
                reply = await reader.ReadLineAsync(ct);
            }
            catch (IOException)
            {
                reply = null;
            }
            codes.Add(reply?[..3] ?? "gone");
            if (codes[^1][0] is not ('2' or '3'))
            {
                break;
            }
        }
        return string.Join(' ', codes);
    }
}
