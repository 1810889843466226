using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>
/// Personal links: an HMAC over subscriber and link generation with a key id, so that they can be composed again, byte for byte, and stay
/// valid while keys rotate.
/// </summary>
internal sealed class Links
{
    private const string Load = "select id, secret from signing_keys order by id";

    private const string Create = """
        insert into signing_keys (secret, created_at) select @secret, @now where not exists (select from signing_keys)
        """;

    private const int MacLength = 16;
    private const int NudgeLength = 28;

    // 18 bytes are 29 letters, so that a local part has room for 34 of its own
    private const int PathLength = 8;
    private const int PathMacLength = 10;
    private const long LargestDelivery = (1L << 48) - 1;
    private static readonly LocalDate Epoch = new(2000, 1, 1);

    // what a link opens, signed with it; a settings link has none, and so stays what it was
    private static readonly byte[] Settings = [];
    private static readonly byte[] Calendar = "calendar"u8.ToArray();
    private readonly Dictionary<int, byte[]> _keys;
    private readonly int _current;

    private Links(Dictionary<int, byte[]> keys)
    {
        _keys = keys;
        _current = keys.Keys.Max();
    }

    /// <summary>The installation's keys; the first is made when there is none.</summary>
    public static async Task<Links> LoadAsync(NpgsqlConnection connection, Instant now, CancellationToken ct)
    {
        var rows = await ReadAsync();
        if (rows.Count == 0)
        {
            var first = new { secret = RandomNumberGenerator.GetBytes(32), now };
            await connection.ExecuteAsync("select pg_advisory_lock(1297564678)");
            try
            {
                await connection.ExecuteAsync(new CommandDefinition(Create, first, cancellationToken: ct));
            }
            finally
            {
                await connection.ExecuteAsync("select pg_advisory_unlock(1297564678)");
            }
            rows = await ReadAsync();
        }
        return new Links(rows);

        async Task<Dictionary<int, byte[]>> ReadAsync() =>
            (await connection.QueryAsync<(int Id, byte[] Secret)>(new CommandDefinition(Load, cancellationToken: ct))).ToDictionary(
                row => row.Id,
                row => row.Secret
            );
    }

    public string TokenFor(Subscriber subscriber) => TokenFor(Settings, subscriber);

    /// <summary>The secret in the address of a reader's calendar: whoever it is given to reads dates, and can open nothing else.</summary>
    public string CalendarTokenFor(Subscriber subscriber) => TokenFor(Calendar, subscriber);

    /// <summary>The subscriber and generation that a token was made for; false for anything forged or mangled.</summary>
    public bool TryRead(string token, out long subscriberId, out int generation) =>
        TryRead(Settings, token, out subscriberId, out generation);

    /// <summary>The same of a calendar's address, which no other link is.</summary>
    public bool TryReadCalendar(string token, out long subscriberId, out int generation) =>
        TryRead(Calendar, token, out subscriberId, out generation);

    private bool TryRead(byte[] purpose, string token, out long subscriberId, out int generation)
    {
        (subscriberId, generation) = (0, 0);
        Span<byte> bytes = stackalloc byte[64];
        const int Length = 16 + MacLength;
        if (!TryDecode(token, bytes, Length))
        {
            return false;
        }
        var keyId = BinaryPrimitives.ReadInt32BigEndian(bytes);
        subscriberId = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        generation = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]);
        return _keys.TryGetValue(keyId, out var key)
            && CryptographicOperations.FixedTimeEquals(Mac(key, [.. purpose, .. bytes[..16]]), bytes[16..Length]);
    }

    private static bool TryDecode(string token, Span<byte> bytes, int expected) =>
        token.Length <= 80
        && Base64Url.IsValid(token)
        && Base64Url.TryDecodeFromChars(token, bytes, out var length)
        && length == expected
        // one spelling a link: no blanks between, no stray bits at the end
        && Base64Url.EncodeToString(bytes[..length]) == token;

    /// <summary>An analyst's link of one week's nudge: it opens what can be recorded, and dies with its week's month.</summary>
    public string TokenFor(Guid analyst, int generation, LocalDate monday)
    {
        Span<byte> bytes = stackalloc byte[NudgeLength + MacLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes, _current);
        analyst.TryWriteBytes(bytes[4..]);
        BinaryPrimitives.WriteInt32BigEndian(bytes[20..], generation);
        BinaryPrimitives.WriteInt32BigEndian(bytes[24..], NodaTime.Period.DaysBetween(Epoch, monday));
        NudgeMac(_keys[_current], bytes[..NudgeLength]).CopyTo(bytes[NudgeLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whom and which week a nudge's token was made for; false for anything forged or mangled.</summary>
    public bool TryReadNudge(string token, out Guid analyst, out int generation, out LocalDate monday)
    {
        (analyst, generation, monday) = (default, 0, default);
        Span<byte> bytes = stackalloc byte[64];
        if (!TryDecode(token, bytes, NudgeLength + MacLength))
        {
            return false;
        }
        analyst = new Guid(bytes[4..20]);
        generation = BinaryPrimitives.ReadInt32BigEndian(bytes[20..]);
        var known =
            _keys.TryGetValue(BinaryPrimitives.ReadInt32BigEndian(bytes), out var key)
            && CryptographicOperations.FixedTimeEquals(NudgeMac(key, bytes[..NudgeLength]), bytes[NudgeLength..(NudgeLength + MacLength)]);
        // only what we signed is a day of the calendar
        monday = known ? Epoch.PlusDays(BinaryPrimitives.ReadInt32BigEndian(bytes[24..])) : default;
        return known;
    }

    /// <summary>
    /// What stands in a mail's return path for its delivery: lower-case letters and digits, the same in any case, since mail systems
    /// change it.
    /// </summary>
    /// <param name="deliveryId">From 1 to 2^48 - 1.</param>
    public string ReturnPathTokenFor(long deliveryId)
    {
        Span<byte> bytes = stackalloc byte[PathLength + PathMacLength];
        WritePath(bytes, checked((ushort)_current), deliveryId);
        PathMac(_keys[_current], bytes[..PathLength]).CopyTo(bytes[PathLength..]);
        return Base32.Encode(bytes);
    }

    /// <summary>The delivery that a return path was made for; false for anything forged or mangled.</summary>
    public bool TryReadReturnPath(string token, out long deliveryId)
    {
        deliveryId = 0;
        Span<byte> bytes = stackalloc byte[PathLength + PathMacLength];
        if (!Base32.TryDecode(token, bytes))
        {
            return false;
        }
        var known =
            _keys.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(bytes), out var key)
            && CryptographicOperations.FixedTimeEquals(PathMac(key, bytes[..PathLength]), bytes[PathLength..]);
        deliveryId = known ? BinaryPrimitives.ReadInt64BigEndian(bytes) & LargestDelivery : 0;
        return known;
    }

    // the key's id in the upper 16 bits, the delivery's in the other 48
    private static void WritePath(Span<byte> bytes, ushort key, long deliveryId)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)deliveryId, (ulong)LargestDelivery, nameof(deliveryId));
        BinaryPrimitives.WriteInt64BigEndian(bytes, deliveryId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, key);
    }

    // apart from all links, which the same keys sign
    private static byte[] PathMac(byte[] key, ReadOnlySpan<byte> data) => Mac(key, [.. "return path"u8, .. data])[..PathMacLength];

    /// <summary>What a limit is counted under: the same for the same words, and saying nothing about them.</summary>
    public byte[] Bucket(string what) => Mac(_keys[_current], Encoding.UTF8.GetBytes($"limit {what}"));

    private string TokenFor(byte[] purpose, Subscriber subscriber)
    {
        Span<byte> bytes = stackalloc byte[16 + MacLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes, _current);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], subscriber.Id);
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], subscriber.LinkGeneration);
        Mac(_keys[_current], [.. purpose, .. bytes[..16]]).CopyTo(bytes[16..]);
        return Base64Url.EncodeToString(bytes);
    }

    private static byte[] Mac(byte[] key, ReadOnlySpan<byte> data) => HMACSHA256.HashData(key, data)[..MacLength];

    // apart from readers' links, which the same keys sign
    private static byte[] NudgeMac(byte[] key, ReadOnlySpan<byte> data) => Mac(key, [.. "nudge"u8, .. data]);
}
