using System.Runtime.CompilerServices;

namespace MilestoneWatch.Tests.Bounces;

/// <summary>One of our own sample messages, and what has to be read in it; index.tsv says after which public example it was written.</summary>
internal sealed record Sample(string Name, string Kind, string? Recipient, string? Status)
{
    public byte[] Bytes => File.ReadAllBytes(Path.Combine(Folder(), $"{Name}.eml"));

    public static IReadOnlyList<Sample> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Folder(), "index.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Select(row => new Sample(row[0], row[1], OrNull(row[2]), OrNull(row[3]))),
    ];

    private static string? OrNull(string cell) => cell == "-" ? null : cell;

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Samples");
}
