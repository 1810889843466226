using System.Security.Cryptography;
using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>Makes a file name of any text: no path, no hidden file, no two texts with the same name.</summary>
internal static class PickupName
{
    private const int Longest = 120;

    public static string Safe(string name)
    {
        var safe = new string([.. name.Take(Longest).Select(c => IsSafe(c) ? c : '_')]).TrimStart('.', '-');
        if (string.Equals(safe, name, StringComparison.Ordinal) && safe.Length > 0)
            return safe;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(name)));
        return $"{(safe.Length > 0 ? safe : "mail")}-{digest[..12]}";
    }

    private static bool IsSafe(char c) => char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '_' or '+' or '-';
}
