using System.Text;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>
/// A reader's own pages, behind the personal link of each mail. A GET never changes anything: mail scanners follow links. The one-click
/// address (RFC 8058) takes a POST without a cookie and without a redirect, from anywhere, and answers the same twice.
/// </summary>
internal static class ReaderEndpoints
{
    public static void MapReaderPages(this IEndpointRouteBuilder routes, Installation mw)
    {
        var ours = routes.MapGroup("").AddEndpointFilter(SameOrigin.Filter(mw.Settings.Site)).DisableAntiforgery();
        ours.MapSettings(mw);
        MapLeave(routes, mw);
        MapConfirm(ours, mw);
        routes.MapGet(
            "/settings/{token}/data.json",
            (string token, HttpContext http, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    http,
                    token,
                    async (connection, reader) =>
                        await ReaderData.ExportAsync(connection, reader.Id, mw.Clock.GetCurrentInstant(), ct) is { } data
                            ? Results.File(Encoding.UTF8.GetBytes(ReaderData.Text(data)), "application/json", "milestonewatch.json")
                            : ReaderPages.Gone(Language.Of(reader.Language)),
                    ct
                )
        );
        routes.MapGet(
            "/settings/{token}/erase",
            (string token, HttpContext http, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    http,
                    token,
                    (_, reader) =>
                    {
                        var language = Language.Of(reader.Language);
                        return Task.FromResult<IResult>(
                            ReaderPages.Ask(
                                language,
                                language.Say("page.erase.title"),
                                language.Say("page.erase.text", ("email", reader.Email)),
                                $"/settings/{token}/erase",
                                language.Say("page.erase.button")
                            )
                        );
                    },
                    ct
                )
        );
        ours.MapPost(
            "/settings/{token}/erase",
            (string token, HttpContext http, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    http,
                    token,
                    async (connection, reader) =>
                    {
                        await ReaderData.EraseAsync(connection, reader.Id, ct);
                        var language = Language.Of(reader.Language);
                        return ReaderPages.Note(
                            language,
                            StatusCodes.Status200OK,
                            language.Say("page.erased.title"),
                            language.Say("page.erased.text")
                        );
                    },
                    ct
                )
        );
    }

    /// <summary>What a personal link opens, or the one answer to all that open nothing.</summary>
    internal static async Task<IResult> AnswerAsync(
        Installation mw,
        HttpContext http,
        string token,
        Func<NpgsqlConnection, Subscriber, Task<IResult>> answer,
        CancellationToken ct
    )
    {
        // neither caches nor other sites learn what is personal
        http.Response.Headers.CacheControl = "no-store";
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var links = await Subscribers.Links.LoadAsync(connection, mw.Clock.GetCurrentInstant(), ct);
        return
            links.TryRead(token, out var id, out var generation)
            && await SubscriberStore.FindAsync(connection, id, ct) is { } reader
            && reader.LinkGeneration == generation
            ? await answer(connection, reader)
            : ReaderPages.Gone(PageLanguage.Of(http.Request));
    }

    /// <summary>Where somebody who has left may come back, or be forgotten.</summary>
    internal static IReadOnlyList<(string Href, string Text)> AfterLeaving(Language language, string token) =>
        [
            ($"/subscribe?lang={language.Code}", language.Say("page.gone.again")),
            ($"/settings/{token}/erase", language.Say("page.data.erase")),
        ];

    private static void MapLeave(IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/leave/{token}",
            (string token, HttpContext http, CancellationToken ct) =>
                AnswerAsync(
                    mw,
                    http,
                    token,
                    (_, reader) =>
                    {
                        var language = Language.Of(reader.Language);
                        return Task.FromResult<IResult>(
                            ReaderPages.Ask(
                                language,
                                language.Say("page.leave.ask"),
                                language.Say("page.leave.text", ("email", reader.Email)),
                                $"/leave/{token}",
                                language.Say("page.leave.button")
                            )
                        );
                    },
                    ct
                )
        );
        routes
            .MapPost(
                "/leave/{token}",
                (string token, HttpContext http, CancellationToken ct) =>
                    AnswerAsync(
                        mw,
                        http,
                        token,
                        async (connection, reader) =>
                        {
                            await SubscriberStore.LeaveAsync(connection, reader.Id, Ledger.Micros(mw.Clock.GetCurrentInstant()), ct);
                            var language = Language.Of(reader.Language);
                            return ReaderPages.Note(
                                language,
                                StatusCodes.Status200OK,
                                language.Say("page.left.title"),
                                language.Say("page.left.text", ("email", reader.Email)) + " " + language.Say("page.left.erase"),
                                AfterLeaving(language, token)
                            );
                        },
                        ct
                    )
            )
            .DisableAntiforgery();
    }

    private static void MapConfirm(IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/confirm/{token}",
            async (string token, HttpContext http, CancellationToken ct) =>
            {
                http.Response.Headers.CacheControl = "no-store";
                if (await Joining.FindAsync(mw.Database, token, mw.Clock.GetCurrentInstant(), ct) is not { } reader)
                {
                    return (IResult)ReaderPages.Gone(PageLanguage.Of(http.Request));
                }
                var language = Language.Of(reader.Language);
                return ReaderPages.Ask(
                    language,
                    language.Say("page.confirm.title"),
                    language.Say("page.confirm.text", ("email", reader.Email), ("what", ScheduleWords.Gets(reader, language))),
                    $"/confirm/{Uri.EscapeDataString(token)}",
                    language.Say("page.confirm.button"),
                    language.Say("page.confirm.ignore")
                );
            }
        );
        routes.MapPost(
            "/confirm/{token}",
            async (string token, HttpContext http, CancellationToken ct) =>
            {
                http.Response.Headers.CacheControl = "no-store";
                var now = mw.Clock.GetCurrentInstant();
                if (await Joining.ConfirmAsync(mw.Database, token, now, ct) is not { } reader)
                {
                    return (IResult)ReaderPages.Gone(PageLanguage.Of(http.Request));
                }
                var language = Language.Of(reader.Language);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var links = await Subscribers.Links.LoadAsync(connection, now, ct);
                return ReaderPages.Note(
                    language,
                    StatusCodes.Status200OK,
                    language.Say("page.confirmed.title"),
                    language.Say("page.confirmed.text", ("email", reader.Email), ("what", ScheduleWords.Gets(reader, language)))
                        + " "
                        + language.Say("page.confirmed.next"),
                    ($"/settings/{links.TokenFor(reader)}", language.Say("page.confirmed.change"))
                );
            }
        );
    }
}
