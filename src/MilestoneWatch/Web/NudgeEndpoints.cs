using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Desk;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>
/// What a nudge's buttons open: a page that asks, and records only when it is sent. A GET changes nothing: mail scanners follow links.
/// </summary>
internal static class NudgeEndpoints
{
    /// <summary>How long after its Monday a nudge's links work.</summary>
    private static readonly Period Life = Period.FromDays(35);

    private const string Address = "/nudge/{token}/{slug}/{action}";

    private static readonly string[] Actions = ["happened", "moved", "looked"];

    public static void MapNudgePages(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            Address,
            (string token, string slug, string action, CancellationToken ct) =>
                ForAsync(
                    mw,
                    token,
                    slug,
                    action,
                    (connection, opened) => AskAsync(connection, mw, opened, Filled(action, opened.Milestone, _ => null), null, ct),
                    ct
                )
        );
        routes
            .MapPost(
                Address,
                (string token, string slug, string action, HttpContext http, CancellationToken ct) =>
                    ForAsync(mw, token, slug, action, (connection, opened) => RecordAsync(connection, mw, opened, http, ct), ct)
            )
            .DisableAntiforgery();
        routes
            .MapPost(
                $"{Address}/mail",
                (string token, string slug, string action, HttpContext http, CancellationToken ct) =>
                    ForAsync(
                        mw,
                        token,
                        slug,
                        action,
                        async (_, opened) =>
                            await DeskForm.ReadAsync(http.Request, ct) is { } sent
                                ? await EntryEndpoints.PreviewAsync(
                                    mw,
                                    http,
                                    slug,
                                    Filled(action, opened.Milestone, name => sent[name]),
                                    opened.Analyst.Name,
                                    ct
                                )
                                : Gone(),
                        ct
                    )
            )
            .DisableAntiforgery();
    }

    private static async Task<IResult> RecordAsync(
        NpgsqlConnection connection,
        Installation mw,
        Opened opened,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await DeskForm.ReadAsync(http.Request, ct) is not { } sent)
        {
            return await AskAsync(
                connection,
                mw,
                opened,
                Filled(opened.Action, opened.Milestone, _ => null),
                new RecordOutcome.Refused(DeskForm.TooMuch),
                ct
            );
        }
        var form = Filled(opened.Action, opened.Milestone, name => sent[name]);
        RecordOutcome outcome;
        try
        {
            var request = EntryRequest.Read(opened.Milestone, form, opened.Analyst.Name, mw.Clock);
            outcome = await mw.Recorder.Through(Door.Nudge).RecordAsync(request, ct);
        }
        catch (RefusedException e)
        {
            outcome = new RecordOutcome.Refused(e.Message);
        }
        return outcome is RecordOutcome.Refused refused
            ? await AskAsync(connection, mw, opened, form, refused, ct)
            : Endpoints.Note(
                StatusCodes.Status200OK,
                "Recorded",
                $"{opened.Milestone.Definition.Called()}: thank you. Readers are told in their next mail."
            );
    }

    /// <summary>The form as the mail's button fills it in, where nothing else was chosen.</summary>
    private static EntryForm Filled(string action, Milestone milestone, Func<string, string?> typed)
    {
        var form = EntryForm.Read(typed);
        return form["what"] is not null
            ? form
            : action switch
            {
                "happened" => form.With(("what", "status"), ("status", milestone.Kind == MilestoneKind.Question ? "answered" : "achieved")),
                "moved" => form.With(("what", "date")),
                _ => form.With(("what", "look")),
            };
    }

    private static async Task<IResult> ForAsync(
        Installation mw,
        string token,
        string slug,
        string action,
        Func<NpgsqlConnection, Opened, Task<IResult>> answer,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await OpenAsync(connection, mw, token, slug, action, ct) is var (analyst, milestone)
            ? await answer(connection, new Opened(token, action, analyst, milestone))
            : Gone();
    }

    private static async Task<(Analyst Analyst, Milestone Milestone)?> OpenAsync(
        NpgsqlConnection connection,
        Installation mw,
        string token,
        string slug,
        string action,
        CancellationToken ct
    )
    {
        var now = mw.Clock.GetCurrentInstant();
        var links = await Subscribers.Links.LoadAsync(connection, now, ct);
        return
            Actions.Contains(action, StringComparer.Ordinal)
            && links.TryReadNudge(token, out var id, out var generation, out var monday)
            && now.InUtc().Date <= monday + Life
            && await AnalystStore.FindAsync(connection, id, ct) is { } analyst
            && analyst.LinkGeneration == generation
            && await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct) is { } milestone
            ? (analyst, milestone)
            : null;
    }

    private static async Task<IResult> AskAsync(
        NpgsqlConnection connection,
        Installation mw,
        Opened opened,
        EntryForm form,
        RecordOutcome.Refused? refused,
        CancellationToken ct
    )
    {
        // as it is now, for the next try
        var milestone = refused is null
            ? opened.Milestone
            : (await LedgerReader.FindAsync(connection, opened.Milestone.Slug, long.MaxValue, ct))!;
        var view = await EntryEndpoints.ViewAsync(connection, mw, milestone, form, refused, ct) with
        {
            Action = $"/nudge/{opened.Token}/{milestone.Slug}/{opened.Action}",
        };
        var page = Endpoints.Page<NudgedPage>(new { View = view });
        page.StatusCode = EntryEndpoints.StatusOf(refused);
        return page;
    }

    private static IResult Gone() =>
        Endpoints.Note(
            StatusCodes.Status404NotFound,
            "This link does not work",
            "It may have been cut short on its way, be older than five weeks, or replaced by a newer one. The link in your latest mail works."
        );

    /// <summary>What a link opened: one analyst's page for one milestone.</summary>
    private sealed record Opened(string Token, string Action, Analyst Analyst, Milestone Milestone);
}
