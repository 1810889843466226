using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MilestoneWatch.Access;

/// <summary>Random secrets that somebody carries: only their hashes are kept.</summary>
internal static class Secret
{
    /// <summary>256 random bits in 43 letters that stand in addresses, headers and cookies as they are.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
