using Microsoft.Win32.SafeHandles;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>The two locks of a cluster, both advisory (flock) and freed by the kernel however a process ends: the gate, held
/// alone while the server is started or stopped, and the users' lock, shared by all who use the server.</summary>
internal static class ClusterLocks
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for the gate.</summary>
    /// <exception cref="TimeoutException">It was held by others for all of <paramref name="patience"/>.</exception>
    public static async Task<SafeFileHandle> EnterGateAsync(ClusterPlace place, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryAlone(place.Gate) is { } gate)
            {
                return gate;
            }
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException();
            }
            await Task.Delay(Between, TimeProvider.System, ct);
        }
    }

    /// <summary>Counts us among the users. Only inside the gate, where nobody else can be testing for users.</summary>
    public static SafeFileHandle Join(ClusterPlace place) =>
        File.OpenHandle(place.Users, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);

    /// <summary>Whether nobody uses the server. Only inside the gate.</summary>
    public static bool IsUnused(ClusterPlace place)
    {
        using var alone = TryAlone(place.Users);
        return alone is not null;
    }

    private static SafeFileHandle? TryAlone(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;
}
