using System.Net.Sockets;
using Dapper;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Bounces;

/// <summary>
/// Reads the mailbox that bounces come back to. A message is recorded first and marked as seen afterwards, so a crash between the two
/// reads it again and counts it once. It answers nobody. What keeps it from reading is kept for `mw doctor`, and tried again.
/// </summary>
internal sealed partial class BouncePass(Installation mw, ILogger<BouncePass> log)
{
    private const int Largest = 1024 * 1024;
    private const string Used = "Processed";
    private const int Patience = 60_000;

    private const string Beat = """
        insert into passes (name, beat_at, trouble) values ('bounces', @now, @trouble)
        on conflict (name) do update set beat_at = excluded.beat_at, trouble = excluded.trouble
        """;

    private BounceOptions Options => mw.Settings.Bounces;

    /// <summary>Messages that this process has read so far.</summary>
    public int Seen { get; private set; }

    /// <summary>Why the mailbox could not be read the last time; null when it could.</summary>
    public string? Trouble { get; private set; }

    /// <summary>All that is unseen. Returns whether any of it was new.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var before = Seen;
        var news = 0;
        try
        {
            news = await ReadAsync(ct);
            Trouble = null;
        }
        catch (Exception e) when (Explain(e) is { } trouble)
        {
            Trouble = trouble;
            NotRead(log, trouble);
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var row = new { now = Ledger.Micros(mw.Clock.GetCurrentInstant()), trouble = Trouble };
        await connection.ExecuteAsync(new CommandDefinition(Beat, row, cancellationToken: ct));
        if (Seen > before)
        {
            Read(log, Seen - before, news);
        }
        return news > 0 && Trouble is null;
    }

    private async Task<int> ReadAsync(CancellationToken ct)
    {
        using var client = new ImapClient { Timeout = Patience, CheckCertificateRevocation = false };
        await client.ConnectAsync(Options.Host, Options.Port, Options.Socket ?? SecureSocketOptions.SslOnConnect, ct);
        if (await Options.CredentialsAsync(ct) is { } credentials)
        {
            await client.AuthenticateAsync(credentials, ct);
        }
        var folder = await client.GetFolderAsync(Options.Folder, ct);
        if (await folder.OpenAsync(FolderAccess.ReadWrite, ct) != FolderAccess.ReadWrite)
        {
            throw new FolderNotFoundException("it may only be read", Options.Folder);
        }
        var news = 0;
        IMailFolder? used = null;
        foreach (var unseen in (await folder.SearchAsync(SearchQuery.NotSeen, ct)).Chunk(100))
        {
            var sizes = (await folder.FetchAsync(unseen, MessageSummaryItems.UniqueId | MessageSummaryItems.Size, ct)).ToDictionary(
                summary => summary.UniqueId,
                summary => summary.Size ?? 0
            );
            foreach (var uid in unseen.Where(sizes.ContainsKey))
            {
                var recorded = await BounceRecord.RecordAsync(mw, await BytesAsync(folder, uid, sizes[uid], ct), trusted: false, ct);
                Seen++;
                news += recorded.Counted ? 1 : 0;
                await folder.AddFlagsAsync(uid, MessageFlags.Seen, silent: true, ct);
                if (recorded.Reading.Kind != BounceKind.None && (used ??= await UsedAsync(client, ct) ?? folder) != folder)
                {
                    await folder.MoveToAsync(uid, used, ct);
                }
            }
        }
        await client.DisconnectAsync(quit: true, ct);
        return news;
    }

    // what is over the limit is read up to there: a report stands before the mail that came back
    private static async Task<byte[]> BytesAsync(IMailFolder folder, UniqueId uid, uint size, CancellationToken ct)
    {
        await using var stream = size <= Largest ? await folder.GetStreamAsync(uid, ct) : await folder.GetStreamAsync(uid, 0, Largest, ct);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, ct);
        return memory.ToArray();
    }

    /// <summary>Where read reports are kept; null on a server that keeps no such folder, where they stay, seen.</summary>
    private static async Task<IMailFolder?> UsedAsync(ImapClient client, CancellationToken ct)
    {
        try
        {
            var root = client.GetFolder(client.PersonalNamespaces[0]);
            return (await root.GetSubfoldersAsync(subscribedOnly: false, ct)).FirstOrDefault(one => one.Name == Used)
                ?? await root.CreateAsync(Used, isMessageFolder: true, ct);
        }
        catch (Exception e) when (e is ImapCommandException or ArgumentOutOfRangeException or NotSupportedException)
        {
            return null;
        }
    }

    private string? Explain(Exception e) =>
        e switch
        {
            AuthenticationException or SaslException =>
                $"{Options.Host} refuses the login of {Options.User} ({e.Message}): check MW_Bounces__User and its password",
            SslHandshakeException =>
                $"{Options.Host} cannot be trusted ({First(e)}): give it a certificate for that name that this machine trusts",
            NotSupportedException => $"{Options.Host}:{Options.Port} offers no STARTTLS: set MW_Bounces__Security to tls, or another port",
            FolderNotFoundException gone =>
                $"the folder {gone.FolderName} of {Options.User} cannot be read ({First(e)}): create it, or set MW_Bounces__Folder to another",
            FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException =>
                $"MW_Bounces__PasswordFile cannot be read: {e.Message}",
            SocketException or IOException or TimeoutException or ProtocolException or CommandException or ServiceNotConnectedException =>
                $"{Options.Host}:{Options.Port} does not answer as it should ({First(e)}): check MW_Bounces__Host and __Port, and that the server runs; what is there waits",
            _ => null,
        };

    private static string First(Exception e) => Refusal.OneLine(e.Message.Split('\n')[0]) ?? e.GetType().Name;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bounces: the mailbox is not read: {Trouble}")]
    private static partial void NotRead(ILogger logger, string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bounces: {Messages} messages read, {New} new")]
    private static partial void Read(ILogger logger, int messages, int @new);
}
