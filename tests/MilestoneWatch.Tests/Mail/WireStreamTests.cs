using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class WireStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(3, 100_000)]
    [InlineData(1, 1_000_000)]
    public async Task Pieces_of_any_size_arrive_whole_and_in_order(int pieces, int size)
    {
        await using var wire = await Wire.OpenAsync(Ct);
        var sent = RandomNumberGenerator.GetBytes(pieces * size);

        var taking = Task.Run(
            async () =>
            {
                var taken = new byte[sent.Length];
                for (var n = 0; n < taken.Length; )
                {
                    n += await wire.Theirs.ReceiveAsync(taken.AsMemory(n), Ct);
                }
                return taken;
            },
            Ct
        );
        for (var piece = 0; piece < pieces; piece++)
        {
            await wire.Ours.WriteAsync(sent.AsMemory(piece * size, size), Ct);
        }

        Assert.Equal(sent, await taking);
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_given_up_in_time_and_for_good()
    {
        await using var wire = await Wire.OpenAsync(Ct);
        wire.Ours.ReadTimeout = 50;

        await Assert.ThrowsAsync<TimeoutException>(() => wire.Ours.ReadExactlyAsync(new byte[1], Ct).AsTask());
        await Assert.ThrowsAsync<TimeoutException>(async () => await wire.Ours.WriteAsync(new byte[1], Ct));
        await Assert.ThrowsAsync<TimeoutException>(() => wire.Ours.ReadExactlyAsync(new byte[1], Ct).AsTask());
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_given_up_in_time()
    {
        await using var wire = await Wire.OpenAsync(Ct);
        wire.Ours.WriteTimeout = 50;

        await Assert.ThrowsAsync<TimeoutException>(async () => await wire.Ours.WriteAsync(new byte[64 << 20], Ct));
    }

    [Fact]
    public async Task A_peer_that_hangs_up_is_an_end_and_not_a_silence()
    {
        await using var wire = await Wire.OpenAsync(Ct);
        wire.Theirs.Dispose();

        Assert.Equal(0, await wire.Ours.ReadAsync(new byte[1], Ct));
    }

    private sealed record Wire(WireStream Ours, Socket Theirs) : IAsyncDisposable
    {
        public static async Task<Wire> OpenAsync(CancellationToken ct)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var accepting = listener.AcceptSocketAsync(ct);
            await socket.ConnectAsync(listener.LocalEndpoint, ct);
            return new Wire(new WireStream(socket), await accepting);
        }

        public async ValueTask DisposeAsync()
        {
            await Ours.DisposeAsync();
            Theirs.Dispose();
        }
    }
}
