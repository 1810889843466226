using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Pages;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>
/// A reader's own pages, behind the personal link of each mail. A GET never changes anything: mail scanners follow links. The one-click
/// address (RFC 8058) takes a POST without a cookie and without a redirect, and answers the same twice.
/// </summary>
internal static class ReaderEndpoints
{
    public static void MapReaderPages(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/settings/{token}",
            (string token, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    token,
                    (_, reader, _) =>
                        Task.FromResult<IResult>(
                            reader.State == "left"
                                ? Note("You have left", $"{reader.Email} gets no mail from here.")
                                : Ask(
                                    "Your subscription",
                                    $"{reader.Email}. {ScheduleWords.Of(reader)}",
                                    $"/leave/{token}",
                                    "Leave: no more mail"
                                )
                        ),
                    ct
                )
        );
        routes.MapGet(
            "/leave/{token}",
            (string token, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    token,
                    (_, reader, _) =>
                        Task.FromResult<IResult>(
                            Ask("Leave?", $"{reader.Email} would get no more mail from here.", $"/leave/{token}", "Leave: no more mail")
                        ),
                    ct
                )
        );
        routes
            .MapPost(
                "/leave/{token}",
                (string token, CancellationToken ct) =>
                    AnswerAsync(
                        mw,
                        token,
                        async (connection, reader, stop) =>
                        {
                            await SubscriberStore.LeaveAsync(connection, reader.Id, Ledger.Micros(mw.Clock.GetCurrentInstant()), stop);
                            return Note(
                                "You have left",
                                $"{reader.Email} gets no more mail from here, not even what was waiting to be sent."
                            );
                        },
                        ct
                    )
            )
            .DisableAntiforgery();
        routes.MapGet(
            "/confirm/{token}",
            (string token) =>
                Ask(
                    "Confirm your subscription",
                    "Press the button, and the mails will come.",
                    $"/confirm/{Uri.EscapeDataString(token)}",
                    "Confirm"
                )
        );
        routes
            .MapPost(
                "/confirm/{token}",
                async (string token, CancellationToken ct) =>
                    await Joining.ConfirmAsync(mw.Database, token, mw.Clock.GetCurrentInstant(), ct)
                        ? Note("Confirmed", "You are on the list. The next mail comes when there is news.")
                        : Gone()
            )
            .DisableAntiforgery();
    }

    private static async Task<IResult> AnswerAsync(
        Installation mw,
        string token,
        Func<NpgsqlConnection, Subscriber, CancellationToken, Task<IResult>> answer,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var links = await Subscribers.Links.LoadAsync(connection, mw.Clock.GetCurrentInstant(), ct);
        return
            links.TryRead(token, out var id, out var generation)
            && await SubscriberStore.FindAsync(connection, id, ct) is { } reader
            && reader.LinkGeneration == generation
            ? await answer(connection, reader, ct)
            : Gone();
    }

    private static IResult Gone() =>
        Endpoints.Note(
            StatusCodes.Status404NotFound,
            "This link does not work",
            "It may have been cut short on its way, used before, or replaced by a newer one. The link in your latest mail works."
        );

    private static IResult Note(string title, string text) => Endpoints.Note(StatusCodes.Status200OK, title, text);

    private static IResult Ask(string title, string text, string action, string button) =>
        Endpoints.Page<AskPage>(
            new
            {
                Title = title,
                Text = text,
                Action = action,
                Button = button,
            }
        );
}
