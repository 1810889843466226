using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>The page behind a reader's personal link: what they get and when, a pause, their data, and the way out.</summary>
internal static class SettingsEndpoints
{
    private static readonly Period LongestPause = Period.FromYears(2);

    public static void MapSettings(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/settings/{token}",
            (string token, HttpContext http, CancellationToken ct) =>
                ReaderEndpoints.AnswerAsync(
                    mw,
                    http,
                    token,
                    (connection, reader) =>
                        reader.State is "left" or "pending"
                            ? Task.FromResult(Left(reader, token, StatusCodes.Status200OK))
                            : PageAsync(connection, mw, reader, token, null, Wishes.NoErrors, null, ct),
                    ct
                )
        );
        // where a form was sent to, opened again
        foreach (var sent in (string[])["pause", "resume"])
        {
            routes.MapGet($"/settings/{{token}}/{sent}", (string token) => Results.Redirect($"/settings/{Uri.EscapeDataString(token)}"));
        }
        routes.MapPost("/settings/{token}", (string token, HttpContext http, CancellationToken ct) => ChangeAsync(mw, http, token, ct));
        routes.MapPost(
            "/settings/{token}/pause",
            (string token, HttpContext http, CancellationToken ct) => PauseAsync(mw, http, token, ct)
        );
        routes.MapPost(
            "/settings/{token}/resume",
            (string token, HttpContext http, CancellationToken ct) =>
                ForReaderAsync(
                    mw,
                    http,
                    token,
                    async (connection, reader) =>
                    {
                        await Preferences.ResumeAsync(connection, reader.Id, Now(mw), ct);
                        return await SavedAsync(connection, mw, reader.Id, token, "page.resume.done", ct);
                    },
                    ct
                )
        );
    }

    private static Task<IResult> ChangeAsync(Installation mw, HttpContext http, string token, CancellationToken ct) =>
        ForReaderAsync(
            mw,
            http,
            token,
            async (connection, reader) =>
            {
                if (await ReaderPages.FormAsync(http.Request, ct) is not { } form)
                {
                    return ReaderPages.Unreadable(Language.Of(reader.Language));
                }
                var wishes = await Wishes.ReadAsync(connection, form, withAddress: false, ct);
                if (wishes.Errors.Count > 0)
                {
                    return await PageAsync(connection, mw, reader, token, form, wishes.Errors, null, ct);
                }
                await Preferences.ChangeAsync(
                    connection,
                    reader.Id,
                    new Wanted(wishes.Schedule!, wishes.Topics, form.Language, form.NothingChanged),
                    Now(mw),
                    ct
                );
                return await SavedAsync(connection, mw, reader.Id, token, "page.settings.saved", ct);
            },
            ct
        );

    private static Task<IResult> PauseAsync(Installation mw, HttpContext http, string token, CancellationToken ct) =>
        ForReaderAsync(
            mw,
            http,
            token,
            async (connection, reader) =>
            {
                if (await ReaderPages.FieldsAsync(http.Request, ct) is not { } fields)
                {
                    return ReaderPages.Unreadable(Language.Of(reader.Language));
                }
                var typed = fields["until"].ToString().Trim();
                var until = LocalDatePattern.Iso.Parse(typed);
                var today = mw.Clock.GetCurrentInstant().InZone(reader.Schedule.Zone).Date;
                if (typed.Length > 0 && !(until.Success && until.Value > today && until.Value <= today + LongestPause))
                {
                    var errors = new Dictionary<string, string>(StringComparer.Ordinal) { ["until"] = "page.error.until" };
                    return await PageAsync(connection, mw, reader, token, null, errors, null, ct);
                }
                await Preferences.PauseAsync(connection, reader.Id, typed.Length == 0 ? null : until.Value, Now(mw), ct);
                var done = Language.Of(reader.Language).Say("page.pause.done");
                var paused = (await SubscriberStore.FindAsync(connection, reader.Id, ct))!;
                return await PageAsync(connection, mw, paused, token, null, Wishes.NoErrors, done, ct);
            },
            ct
        );

    /// <summary>What a form does for a reader; whoever has left changes nothing any more.</summary>
    private static Task<IResult> ForReaderAsync(
        Installation mw,
        HttpContext http,
        string token,
        Func<NpgsqlConnection, Subscriber, Task<IResult>> change,
        CancellationToken ct
    ) =>
        ReaderEndpoints.AnswerAsync(
            mw,
            http,
            token,
            (connection, reader) =>
                reader.State is "left" or "pending"
                    ? Task.FromResult(Left(reader, token, StatusCodes.Status409Conflict))
                    : change(connection, reader),
            ct
        );

    private static async Task<IResult> SavedAsync(
        NpgsqlConnection connection,
        Installation mw,
        long id,
        string token,
        string key,
        CancellationToken ct
    )
    {
        var reader = (await SubscriberStore.FindAsync(connection, id, ct))!;
        var language = Language.Of(reader.Language);
        var done = language.Say(key, ("what", ScheduleWords.Gets(reader, language)));
        return await PageAsync(connection, mw, reader, token, null, Wishes.NoErrors, done, ct);
    }

    private static async Task<IResult> PageAsync(
        NpgsqlConnection connection,
        Installation mw,
        Subscriber reader,
        string token,
        WishesForm? typed,
        IReadOnlyDictionary<string, string> errors,
        string? done,
        CancellationToken ct
    )
    {
        var language = Language.Of(reader.Language);
        var today = mw.Clock.GetCurrentInstant().InZone(reader.Schedule.Zone).Date;
        var links = await Subscribers.Links.LoadAsync(connection, Now(mw), ct);
        var page = Endpoints.Page<SettingsPage>(
            new
            {
                Language = language,
                Token = token,
                Calendar = mw.Settings.Site.LinkTo($"/calendar/{links.CalendarTokenFor(reader)}.ics"),
                Email = reader.Email,
                What = ScheduleWords.Gets(reader, language),
                Paused = reader.State == "paused",
                PausedUntil = reader.PausedUntil?.InZone(reader.Schedule.Zone).Date,
                Next = reader.NextDueAt is { } next && next > mw.Clock.GetCurrentInstant()
                    ? next.InZone(reader.Schedule.Zone).Date
                    : (LocalDate?)null,
                Today = today,
                Offer = await OfferReader.ReadAsync(connection, ct),
                Form = typed ?? FormOf(reader),
                Errors = errors,
                Done = done,
            }
        );
        page.StatusCode = errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private static WishesForm FormOf(Subscriber reader)
    {
        var topics = reader.Chosen.ToList();
        var (cadence, at, day, zone) = TypedSchedule.Write(reader.Schedule);
        return new WishesForm
        {
            Email = reader.Email,
            Everything = topics.Exists(topic => topic.Kind == "all"),
            Topics = [.. topics.Select(topic => topic.Name).OfType<string>()],
            Cadence = cadence,
            At = at,
            Weekday = cadence == "weekly" ? day : "mon",
            Monthday = cadence == "monthly" ? day : "1",
            Zone = zone,
            Language = reader.Language,
            NothingChanged = reader.NothingChanged,
        };
    }

    private static IResult Left(Subscriber reader, string token, int status)
    {
        var language = Language.Of(reader.Language);
        return ReaderPages.Note(
            language,
            status,
            language.Say("page.left.title"),
            language.Say("page.left.unchanged", ("email", reader.Email)) + " " + language.Say("page.left.erase"),
            ReaderEndpoints.AfterLeaving(language, token)
        );
    }

    private static Instant Now(Installation mw) => Ledger.Micros(mw.Clock.GetCurrentInstant());
}
