using System.Globalization;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>Taking an entry back: a retraction, with its reason and the mail that it makes.</summary>
internal static class UndoEndpoints
{
    public static void MapUndo(this IEndpointRouteBuilder desk, Installation mw)
    {
        desk.MapGet(
            "/undo/{position:long}",
            (long position, HttpContext http, CancellationToken ct) => PageAsync(mw, http, position, null, ct)
        );
        desk.MapPost(
            "/undo/{position:long}",
            async (long position, HttpContext http, CancellationToken ct) =>
            {
                var outcome = await TryAsync(mw.Recorder.Through(Door.Desk), http, position, null, ct);
                return outcome switch
                {
                    RecordOutcome.Recorded recorded => DeskGate.SeeOther(
                        http,
                        string.Create(CultureInfo.InvariantCulture, $"/desk/m/{recorded.Slug}?done={recorded.Position}")
                    ),
                    RecordOutcome.Refused refused => await PageAsync(mw, http, position, refused.Reason, ct),
                    _ => throw new InvalidOperationException(),
                };
            }
        );
        desk.MapPost(
            "/undo/{position:long}/mail",
            (long position, HttpContext http, CancellationToken ct) =>
                EntryEndpoints.PreviewAsync(mw, http, "", look => TryAsync(mw.Recorder, http, position, look, ct))
        );
    }

    private static async Task<RecordOutcome> TryAsync(Recorder recorder, HttpContext http, long position, Look? look, CancellationToken ct)
    {
        var reason = Reason(http);
        // for a look before anything is typed, any reason will do
        return reason.Length == 0 && look is null
            ? new RecordOutcome.Refused("say why it was a mistake: readers who were told see it")
            : await recorder.RetractAsync(position, reason.Length == 0 ? "…" : reason, DeskGate.Of(http).Analyst, ct, look);
    }

    private static async Task<IResult> PageAsync(Installation mw, HttpContext http, long position, string? refused, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var rows = await AuditStore.AtAsync(connection, position, ct);
        if (await DeskReader.InWordsAsync(connection, rows, ct) is not [var entry])
        {
            return Endpoints.NotThere();
        }
        var page = Endpoints.Page<UndoPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Entry = entry,
                Zone = DateTimeZoneProviders.Tzdb[session.Zone],
                Reason = http.Request.HasFormContentType ? Reason(http) : null,
                Refused = refused is null ? null : NumberWords.Sentence(refused),
            }
        );
        page.StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private static string Reason(HttpContext http) => http.Request.Form["reason"].ToString().ReplaceLineEndings("\n").Trim();
}
