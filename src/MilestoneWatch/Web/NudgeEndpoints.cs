using Microsoft.AspNetCore.Http.Features;
using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>
/// What a nudge's buttons open: a page that asks, and records only when it is sent. A GET changes nothing: mail scanners follow links.
/// </summary>
internal static class NudgeEndpoints
{
    /// <summary>How long after its Monday a nudge's links work.</summary>
    private static readonly Period Life = Period.FromDays(35);

    // the longest text that is taken, as browsers encode it, has room
    private static readonly FormOptions Limits = new()
    {
        ValueLengthLimit = 64 * 1024,
        MultipartBodyLengthLimit = 64 * 1024,
        BufferBodyLengthLimit = 512 * 1024,
        ValueCountLimit = 32,
    };

    private static readonly string[] Actions = ["happened", "moved", "looked"];

    private const string TooMuch = "what was sent is no form that this page makes, or more than it takes: a field takes 4,000 characters";

    public static void MapNudgePages(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/nudge/{token}/{slug}/{action}",
            async (string token, string slug, string action, CancellationToken ct) =>
                await OpenAsync(mw, token, slug, action, ct) is var (_, milestone)
                    ? Ask(token, action, milestone, new NudgeForm(), null)
                    : Gone()
        );
        routes
            .MapPost(
                "/nudge/{token}/{slug}/{action}",
                async (string token, string slug, string action, HttpRequest http, CancellationToken ct) =>
                {
                    if (await OpenAsync(mw, token, slug, action, ct) is not var (analyst, milestone))
                    {
                        return Gone();
                    }
                    NudgeForm form;
                    try
                    {
                        form = NudgeForm.Read(await http.ReadFormAsync(Limits, ct));
                    }
                    catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or InvalidOperationException)
                    {
                        return Ask(token, action, milestone, new NudgeForm(), TooMuch);
                    }
                    try
                    {
                        var outcome = await mw.Recorder.Through(Door.Nudge).RecordAsync(Request(mw, analyst, milestone, action, form), ct);
                        return outcome is RecordOutcome.Refused refused
                            ? Ask(token, action, milestone, form, refused.Reason)
                            : Endpoints.Note(
                                StatusCodes.Status200OK,
                                "Recorded",
                                $"{milestone.Definition.Called()}: thank you. Readers are told in their next mail."
                            );
                    }
                    catch (RefusedException e)
                    {
                        return Ask(token, action, milestone, form, e.Message);
                    }
                }
            )
            .DisableAntiforgery();
    }

    private static async Task<(Analyst Analyst, Milestone Milestone)?> OpenAsync(
        Installation mw,
        string token,
        string slug,
        string action,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
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

    /// <exception cref="RefusedException">A field cannot be read.</exception>
    private static RecordRequest Request(Installation mw, Analyst analyst, Milestone milestone, string action, NudgeForm form)
    {
        var on = form.On is { } day ? Typed.Day("The day", day) : (LocalDate?)null;
        Change change = action switch
        {
            "happened" => new StatusChanged(
                milestone.Kind == MilestoneKind.Question ? Status.Answered : Status.Achieved,
                Typed.Text("The reason", form.Override)
            ),
            "moved" => new Rescheduled(
                Typed.Promise(form.Phrase ?? throw new RefusedException("give the new date as it is printed"), on, mw.Clock, null)
            ),
            _ => new Looked(),
        };
        return new RecordRequest(milestone.Slug, change, analyst.Name)
        {
            HappenedOn = on,
            Note = Typed.Text("The note", form.Note),
            Source = form.Source is { } source ? Typed.Source("the source", source) : null,
            Quote = Typed.Text("The quote", form.Quote),
            Verbatim = form.Quote is not null,
            Standing = form.Standing is { } standing ? LedgerJson.ReadEnum<Standing>(standing) : null,
            Revision = form.Revision,
        };
    }

    private static IResult Ask(string token, string action, Milestone milestone, NudgeForm form, string? refused)
    {
        var page = Endpoints.Page<NudgePage>(
            new
            {
                Action = $"/nudge/{token}/{milestone.Slug}/{action}",
                What = action,
                Milestone = milestone,
                Form = form with
                {
                    Revision = form.Revision ?? milestone.State.Revision,
                },
                Refused = refused,
            }
        );
        page.StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private static IResult Gone() =>
        Endpoints.Note(
            StatusCodes.Status404NotFound,
            "This link does not work",
            "It may have been cut short on its way, be older than five weeks, or replaced by a newer one. The link in your latest mail works."
        );
}
