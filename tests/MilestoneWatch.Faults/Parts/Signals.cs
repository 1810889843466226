using System.Runtime.InteropServices;

namespace MilestoneWatch.Faults;

/// <summary>Signals to processes that this program started.</summary>
internal static class Signals
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>A negative number is a process group, here and below.</summary>
    public static void Kill(int process) => Send(process, Sigkill);

    public static void Terminate(int process) => Send(process, Sigterm);

    public static void Stop(int process) => Send(process, Sigstop);

    public static void Continue(int process) => Send(process, Sigcont);

    private static void Send(int process, int signal)
    {
        // 0 and -1 are everybody
        if (process is >= -1 and <= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(process));
        }
        _ = Native.Kill(process, signal);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int process, int signal);
    }
}
