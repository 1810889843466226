using System.Globalization;
using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>The analysts' pages: what waits, one form that records, the audit trail, and for admins the readers.</summary>
internal static class DeskEndpoints
{
    private const int Recent = 8;
    private const int PerPage = 50;

    public static void MapDesk(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/desk/reading",
            (string? phrase, string? on, string? fiscal) => EntryEndpoints.Reading(mw.Clock, phrase, on, fiscal)
        );
        var desk = routes.MapGroup("/desk").AddEndpointFilter(DeskGuard.Filter).AddEndpointFilter(DeskGate.Filter(mw, Role.Analyst));
        desk.DisableAntiforgery();
        desk.MapGet("", (HttpContext http, CancellationToken ct) => WaitingAsync(mw, http, ct));
        desk.MapGet("/audit", (HttpContext http, CancellationToken ct) => AuditAsync(mw, http, ct));
        desk.MapEntries(mw);
        desk.MapUndo(mw);
        var admins = routes
            .MapGroup("/desk/readers")
            .AddEndpointFilter(DeskGuard.Filter)
            .AddEndpointFilter(DeskGate.Filter(mw, Role.Admin));
        admins.DisableAntiforgery();
        admins.MapReaders(mw);
    }

    private static async Task<IResult> WaitingAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (waiting, all) = await DeskReader.WaitingAsync(connection, mw.Clock.GetCurrentInstant(), ct);
        var recent = await AuditStore.ReadAsync(connection, null, null, clock: false, long.MaxValue, Recent, ct);
        return Endpoints.Page<DeskPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Waiting = waiting,
                All = all,
                Recent = await DeskReader.InWordsAsync(connection, recent, ct),
                Zone = DateTimeZoneProviders.Tzdb[session.Zone],
            }
        );
    }

    private static async Task<IResult> AuditAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        var asked = http.Request.Query;
        var who = asked["who"].ToString() is { Length: > 0 } name ? name : null;
        var door = Array.Find(AuditPage.Doors, known => known.Value == asked["door"].ToString()).Value;
        var before = long.TryParse(asked["before"], CultureInfo.InvariantCulture, out var position) ? position : long.MaxValue;
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var analysts = await AuditStore.AnalystsAsync(connection, ct);
        if (who is not null && !analysts.Contains(who, StringComparer.Ordinal))
        {
            return Endpoints.Note(StatusCodes.Status400BadRequest, "That cannot be chosen", $"Nobody called “{who}” has recorded here.");
        }
        var rows = await AuditStore.ReadAsync(
            connection,
            who is null ? null : [who],
            door is null ? null : [door],
            clock: false,
            before,
            PerPage + 1,
            ct
        );
        var shown = rows.Take(PerPage).ToList();
        return Endpoints.Page<AuditPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Entries = await DeskReader.InWordsAsync(connection, shown, ct),
                Analysts = analysts,
                Who = who,
                Door = door,
                Older = before != long.MaxValue,
                Next = rows.Count > PerPage
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"/desk/audit?who={Uri.EscapeDataString(who ?? "")}&door={door}&before={shown[^1].Position}"
                    )
                    : null,
                Zone = DateTimeZoneProviders.Tzdb[session.Zone],
            }
        );
    }
}
