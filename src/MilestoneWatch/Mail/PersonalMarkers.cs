using System.Security.Cryptography;

namespace MilestoneWatch.Mail;

/// <summary>The places in one audience's templates where a reader's own values go.</summary>
/// <remarks>The nonce keeps a subject's or analyst's words from ever passing for a marker.</remarks>
internal sealed class PersonalMarkers
{
    private const char Open = '\uE000';
    private const char Close = '\uE001';

    private readonly string nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly List<string> all = [];

    private PersonalMarkers() { }

    public static PersonalMarkers New() => new();

    /// <summary>Every marker handed out so far, for <see cref="SegmentEncoder.Encode"/>.</summary>
    public IReadOnlyList<string> All => all;

    /// <summary>The marker for a name of lower-case letters, digits and hyphens; the same string each time.</summary>
    public string For(string name)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new ArgumentException($"'{name}' cannot name a marker", nameof(name));
        var marker = $"{Open}{nonce}:{name}{Close}";
        if (!all.Contains(marker, StringComparer.Ordinal))
            all.Add(marker);
        return marker;
    }

    public static string NameOf(string marker) => marker[(marker.IndexOf(':', StringComparison.Ordinal) + 1)..^1];

    public static string NonceOf(string marker) => marker[1..marker.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>How a marker looks after an HTML encoder has seen it (they all escape private-use characters).</summary>
    public static string Escaped(string marker) => $"&#xE000;{marker[1..^1]}&#xE001;";
}
