using MilestoneWatch.Digests;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Words;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web.Desk;

/// <summary>The page on which an analyst records what happened to a milestone, sees the mail that it makes, and takes entries back.</summary>
internal static class EntryEndpoints
{
    /// <summary>How many entries of a milestone its page shows.</summary>
    private const int Recent = 12;

    public static void MapEntries(this IEndpointRouteBuilder desk, Installation mw)
    {
        desk.MapGet(
            "/m/{slug}",
            async (string slug, HttpContext http, CancellationToken ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                return await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct) is { } milestone
                    ? await PageAsync(connection, mw, http, milestone, EntryForm.Read(name => http.Request.Query[name]), null, ct)
                    : Endpoints.NotThere();
            }
        );
        desk.MapPost("/m/{slug}", (string slug, HttpContext http, CancellationToken ct) => RecordAsync(mw, http, slug, ct));
        desk.MapPost(
            "/m/{slug}/mail",
            async (string slug, HttpContext http, CancellationToken ct) =>
            {
                var form = EntryForm.Read(name => http.Request.Form[name]);
                return await PreviewAsync(mw, http, slug, form, DeskGate.Of(http).Analyst, ct);
            }
        );
    }

    /// <summary>How a typed date is read, in words; the ledger is not asked.</summary>
    public static IResult Reading(IClock clock, string? phrase, string? on, string? fiscal)
    {
        if (phrase is not { Length: > 0 and <= 200 })
        {
            return Results.Text(phrase is { Length: > 0 } ? "A date takes at most 200 characters." : "");
        }
        var said = on is { Length: > 0 and <= 200 } && Typed.TryDay(on, out var day) ? day : clock.GetCurrentInstant().InUtc().Date;
        int? starts =
            int.TryParse(fiscal, System.Globalization.CultureInfo.InvariantCulture, out var month) && month is >= 1 and <= 12
                ? month
                : null;
        return Results.Text(
            PhraseReader.TryRead(phrase, said, starts, out var window, out var error)
                ? $"Read as {WindowWords.Range(window)}{(window.Alternative is { } other ? $"; {WindowWords.OtherReading(other)}" : "")}."
                : NumberWords.Sentence($"not understood: {error.Message} (at place {error.Position}); did you mean “{error.Nearest}”?")
        );
    }

    /// <summary>The mail that a form would make, or why there is none; nothing is recorded.</summary>
    public static async Task<IResult> PreviewAsync(
        Installation mw,
        HttpContext http,
        string slug,
        EntryForm form,
        string analyst,
        CancellationToken ct
    )
    {
        Milestone? milestone;
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            milestone = await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct);
        }
        if (milestone is null)
        {
            return Endpoints.NotThere();
        }
        try
        {
            var request = EntryRequest.Read(milestone, form, analyst, mw.Clock) with { Revision = null };
            return await PreviewAsync(mw, http, slug, look => mw.Recorder.RecordAsync(request, ct, look));
        }
        catch (RefusedException e)
        {
            return NotYet(http, NumberWords.Sentence(e.Message));
        }
    }

    /// <summary>The mail of any change that can be tried.</summary>
    public static async Task<IResult> PreviewAsync(Installation mw, HttpContext http, string slug, Func<Look, Task<RecordOutcome>> tryAsync)
    {
        var now = mw.Clock.GetCurrentInstant();
        Announcement? told = null;
        var outcome = await tryAsync(
            async (connection, before, after, stop) => told = await Announcement.OfAsync(connection, before, after, now, stop)
        );
        if (outcome is RecordOutcome.Refused refused)
        {
            return NotYet(http, Said(refused.Reason, slug));
        }
        var html = await mw.Renderer.RenderAsync<PreviewMail>(
            new(StringComparer.Ordinal)
            {
                [nameof(PreviewMail.Told)] = told!,
                [nameof(PreviewMail.LinkTo)] = (Func<string, string>)(slug => mw.Settings.Site.LinkTo(Links.Milestone(slug))),
            }
        );
        DeskGuard.Frame(http, "style-src 'unsafe-inline'");
        return Results.Content(html, "text/html; charset=utf-8");
    }

    /// <summary>A page of one milestone's form.</summary>
    public static async Task<EntryView> ViewAsync(
        NpgsqlConnection connection,
        Installation mw,
        Milestone milestone,
        EntryForm form,
        RecordOutcome.Refused? refused,
        CancellationToken ct
    )
    {
        var now = mw.Clock.GetCurrentInstant();
        var waiting = Domain.Checks.Attention.Of(milestone, now);
        var meanwhile =
            refused is { Stale: true } && form.Seen is { } seen
                ? await AuditStore.OfMilestoneAsync(connection, milestone.Id, seen, Recent, ct)
                : [];
        return new EntryView
        {
            Milestone = milestone,
            Standing = waiting.Count > 0 ? Checks.Nudge.Why(milestone, waiting, now) : Standing(milestone),
            Form = form,
            Action = "",
            Refused = refused switch
            {
                null => null,
                { Stale: true } => $"{milestone.Definition.Called()} was changed by somebody else while you typed.",
                _ => Said(refused.Reason, milestone.Slug),
            },
            Meanwhile = await DeskReader.InWordsAsync(connection, meanwhile, ct),
            Zone = milestone.Zone,
            Today = now.InZone(milestone.Zone).Date,
        };
    }

    private static async Task<IResult> RecordAsync(Installation mw, HttpContext http, string slug, CancellationToken ct)
    {
        var form = EntryForm.Read(name => http.Request.Form[name]);
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        if (await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct) is not { } milestone)
        {
            return Endpoints.NotThere();
        }
        RecordOutcome outcome;
        try
        {
            var request = EntryRequest.Read(milestone, form, DeskGate.Of(http).Analyst, mw.Clock);
            outcome = await mw.Recorder.Through(Door.Desk).RecordAsync(request, ct);
        }
        catch (RefusedException e)
        {
            outcome = new RecordOutcome.Refused(e.Message);
        }
        return outcome switch
        {
            // sent again by a reload, it would be recorded twice
            RecordOutcome.Recorded recorded => DeskGate.SeeOther(
                http,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/desk/m/{milestone.Slug}?done={recorded.Position}")
            ),
            RecordOutcome.Refused refused => await PageAsync(
                connection,
                mw,
                http,
                // as it is now, for the next try
                (await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct))!,
                form,
                refused,
                ct
            ),
            _ => throw new InvalidOperationException(),
        };
    }

    private static async Task<IResult> PageAsync(
        NpgsqlConnection connection,
        Installation mw,
        HttpContext http,
        Milestone milestone,
        EntryForm form,
        RecordOutcome.Refused? refused,
        CancellationToken ct
    )
    {
        var recent = await DeskReader.InWordsAsync(
            connection,
            await AuditStore.OfMilestoneAsync(connection, milestone.Id, 0, Recent, ct),
            ct
        );
        var session = DeskGate.Of(http);
        var done = long.TryParse(http.Request.Query["done"], System.Globalization.CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;
        var view = await ViewAsync(connection, mw, milestone, form, refused, ct) with
        {
            Action = $"/desk/m/{milestone.Slug}",
            Stamp = DeskGate.Stamp(http),
            Done = refused is null ? recent.FirstOrDefault(entry => entry.Position == done && entry.Analyst == session.Analyst) : null,
            Recent = recent,
            Zone = DateTimeZoneProviders.Tzdb[session.Zone],
        };
        var page = Endpoints.Page<EntryPage>(new { Session = session, View = view });
        page.StatusCode = StatusOf(refused);
        return page;
    }

    internal static int StatusOf(RecordOutcome.Refused? refused) =>
        refused switch
        {
            null => StatusCodes.Status200OK,
            { Stale: true } => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    private static IResult NotYet(HttpContext http, string why)
    {
        DeskGuard.Frame(http, "style-src 'self'");
        return Endpoints.Page<NotYetPage>(new { Why = why });
    }

    /// <summary>A refusal as a sentence, without the slug that tells programs which milestone it is about.</summary>
    private static string Said(string reason, string slug) =>
        NumberWords.Sentence(reason.StartsWith($"{slug}: ", StringComparison.Ordinal) ? reason[(slug.Length + 2)..] : reason);

    private static string Standing(Milestone milestone) =>
        milestone.Phrase is { } phrase && milestone.State.Window is { } window
            ? $"Promised for “{phrase}”: {WindowWords.Range(window)}."
            : $"It is {Domain.Words.Of(milestone.State.Status)}.";
}
