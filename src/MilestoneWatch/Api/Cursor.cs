using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MilestoneWatch.Api;

/// <summary>
/// Where a walk through pages goes on. All its pages are read at the position of the first, so what is recorded meanwhile neither moves an
/// item out of sight nor shows one twice.
/// </summary>
/// <param name="Position">What the walk reads the record at.</param>
/// <param name="After">The last item's place in the order of the walk.</param>
internal readonly record struct Cursor(long Position, long After)
{
    private const int Bytes = 24;
    private const int Characters = 32;

    /// <param name="question">What is asked, without the page: a cursor is good for this question only.</param>
    public string Write(string question)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Position);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], After);
        Mark(question).CopyTo(bytes[16..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>False when it is none, or another question's.</returns>
    public static bool TryRead(string text, string question, out Cursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        cursor = default;
        if (
            text.Length != Characters
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != Bytes
            || !bytes[16..].SequenceEqual(Mark(question))
        )
        {
            return false;
        }
        cursor = new Cursor(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
        return cursor is { Position: >= 0, After: >= 0 };
    }

    private static ReadOnlySpan<byte> Mark(string question) => SHA256.HashData(Encoding.UTF8.GetBytes(question)).AsSpan(0, 8);
}
