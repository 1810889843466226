namespace MilestoneWatch.Domain.Windows;

public static class WindowPhrase
{
    public static string Print(Window window) => window.ToString();
}
