using System.Diagnostics;
using MilestoneWatch.Web.Pages;

namespace MilestoneWatch.Web;

/// <summary>
/// Has the board's pages made before anybody asks: once the service has started, and once nothing more is being recorded. It rests
/// as long as each page took, so that readers come first.
/// </summary>
internal sealed partial class PagesAhead(PageShelf shelf, BoardReader board, IServiceScopeFactory scopes, ILogger<PagesAhead> log)
    : BackgroundService
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (seen, made) = ("", "");
        using var glances = new PeriodicTimer(Glance);
        do
        {
            try
            {
                var standing = await shelf.StandingAsync(stoppingToken);
                if (standing != made && (standing == seen || made.Length == 0) && await MakeAsync(standing, stoppingToken))
                {
                    made = standing;
                }
                seen = standing;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // those who ask are answered all the same, or told what is wrong
                NotMade(log, e.GetBaseException().Message);
            }
        } while (await glances.WaitForNextTickAsync(stoppingToken));
    }

    /// <param name="standing">As the shelf told it.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where something was recorded meanwhile: what is left would only be thrown away.</returns>
    public async Task<bool> MakeAsync(string standing, CancellationToken ct)
    {
        var pages = 1;
        for (var page = 1; page <= Math.Min(pages, PageShelf.MostAhead); page++)
        {
            var began = Stopwatch.GetTimestamp();
            var query = new BoardQuery { Page = page };
            await using var scope = scopes.CreateAsyncScope();
            await shelf.KeepAheadAsync(
                query.Address(page),
                scope.ServiceProvider,
                async () =>
                {
                    var view = await board.ReadBoardAsync(query, ct);
                    pages = view.Pages;
                    return Endpoints.Page<BoardPage>(new { View = view, Query = query });
                },
                ct
            );
            await Task.Delay(Stopwatch.GetElapsedTime(began), TimeProvider.System, ct);
            if (await shelf.StandingAsync(ct) != standing)
            {
                return false;
            }
        }
        return true;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The board's pages were not made ahead: {Reason}")]
    private static partial void NotMade(ILogger logger, string reason);
}
