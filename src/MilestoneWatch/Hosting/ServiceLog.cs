namespace MilestoneWatch.Hosting;

/// <summary>The service's log: one line an event on standard output.</summary>
internal static partial class ServiceLog
{
    /// <param name="json">Whether standard output is for JSON alone: then the log goes to standard error.</param>
    public static ILoggerFactory Create(bool json) =>
        LoggerFactory.Create(logging =>
            logging
                .AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
                })
                .AddConsole(console => console.LogToStandardErrorThreshold = json ? LogLevel.Trace : LogLevel.None)
                .AddFilter("Microsoft", LogLevel.Warning)
                // that the host could not start is told by the verb, in words
                .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
                .AddFilter("Quartz", LogLevel.Warning)
                .AddFilter("Npgsql", LogLevel.Warning)
        );

    [LoggerMessage(Level = LogLevel.Information, Message = "Imported {Watchlist} into the empty database: {Entries} entries")]
    public static partial void Imported(ILogger logger, string watchlist, int entries);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Roles}. The page: {Page}. Mail is {Mail}")]
    public static partial void Started(ILogger logger, string roles, string page, string mail);

    [LoggerMessage(Level = LogLevel.Information, Message = "A trial. The page: {Page} - the mail catcher: {Catcher}")]
    public static partial void Trial(ILogger logger, string page, string catcher);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Try: docker compose exec milestonewatch mw subscriber add you@example.org --cadence immediate --confirmed"
    )]
    public static partial void TryReader(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Then: docker compose exec milestonewatch mw reschedule les-ulis-opening \"Q4 2026\""
    )]
    public static partial void TryChange(ILogger logger);
}
