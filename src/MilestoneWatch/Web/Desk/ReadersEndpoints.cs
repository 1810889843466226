using System.Globalization;
using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Words;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web.Desk;

/// <summary>Who follows what, what each was sent or not and why; and what an admin may do about it. Admins only.</summary>
internal static class ReadersEndpoints
{
    private const int PerPage = 50;
    private const int Shown = 100;
    private const int Mails = 20;

    public static void MapReaders(this IEndpointRouteBuilder readers, Installation mw)
    {
        readers.MapGet("", (HttpContext http, CancellationToken ct) => ListAsync(mw, http, ct));
        readers.MapGet(
            "/{id:long}",
            (long id, HttpContext http, CancellationToken ct) =>
                ForAsync(mw, http, id, (connection, reader) => PageAsync(mw, http, connection, reader, ct), ct)
        );
        readers.MapPost(
            "/{id:long}/leave",
            (long id, HttpContext http, CancellationToken ct) =>
                ForAsync(
                    mw,
                    http,
                    id,
                    async (connection, reader) =>
                    {
                        await SubscriberStore.LeaveAsync(connection, id, Now(mw), ct);
                        return await PageAsync(
                            mw,
                            http,
                            connection,
                            (await SubscriberStore.FindAsync(connection, id, ct))!,
                            ct,
                            done: $"{reader.Email} gets nothing more, beginning with the next mail."
                        );
                    },
                    ct
                )
        );
        readers.MapPost(
            "/{id:long}/lift",
            (long id, HttpContext http, CancellationToken ct) => ForAsync(mw, http, id, (c, r) => LiftAsync(mw, http, c, r, ct), ct)
        );
        readers.MapPost(
            "/{id:long}/erase",
            (long id, HttpContext http, CancellationToken ct) => ForAsync(mw, http, id, (c, r) => EraseAsync(mw, http, c, r, ct), ct)
        );
    }

    private static async Task<IResult> ListAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var session = DeskGate.Of(http);
        var part =
            http.Request.Query["q"].ToString().Trim() is { Length: > 0 and <= 320 } typed && !typed.Contains('\0', StringComparison.Ordinal)
                ? typed
                : null;
        var after = long.TryParse(http.Request.Query["after"], CultureInfo.InvariantCulture, out var id) ? id : 0;
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var readers = await SubscriberStore.PageAsync(connection, part, after, PerPage + 1, ct);
        var refusing = await SuppressionStore.OfReadersAsync(connection, [.. readers.Select(reader => reader.Id)], ct);
        return Endpoints.Page<ReadersPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Readers = readers
                    .Take(PerPage)
                    .Select(reader => new ReaderLine
                    {
                        Id = reader.Id,
                        Email = reader.Email,
                        State = reader.State,
                        Cadence = LedgerJson.WriteEnum(reader.Schedule.Cadence),
                        LastDigestAt = reader.LastDigestAt,
                        NextDueAt = reader.NextDueAt,
                        Suppressed = refusing.GetValueOrDefault(reader.Id),
                    })
                    .ToList(),
                Part = part,
                Next = readers.Count > PerPage
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"/desk/readers?q={Uri.EscapeDataString(part ?? "")}&after={readers[PerPage - 1].Id}"
                    )
                    : null,
                Zone = DateTimeZoneProviders.Tzdb[session.Zone],
            }
        );
    }

    private static async Task<IResult> LiftAsync(
        Installation mw,
        HttpContext http,
        NpgsqlConnection connection,
        Subscriber reader,
        CancellationToken ct
    )
    {
        var because = http.Request.Form["because"].ToString().Trim();
        if (Wording.WhyNot(because) is { } why)
        {
            return await PageAsync(mw, http, connection, reader, ct, refused: $"Nothing was changed: the reason {why}.", because: because);
        }
        return Mailbox.TryRead(reader.Email, out var mailbox) && await SuppressionStore.LiftAsync(connection, mailbox, because, Now(mw), ct)
            ? await PageAsync(
                mw,
                http,
                connection,
                (await SubscriberStore.FindAsync(connection, reader.Id, ct))!,
                ct,
                done: $"Mail is sent to {reader.Email} again, at the next due time."
            )
            : await PageAsync(mw, http, connection, reader, ct, refused: $"Mail is sent to {reader.Email} already.");
    }

    private static async Task<IResult> EraseAsync(
        Installation mw,
        HttpContext http,
        NpgsqlConnection connection,
        Subscriber reader,
        CancellationToken ct
    )
    {
        if (SubscriberStore.KeyOf(http.Request.Form["sure"].ToString()) != SubscriberStore.KeyOf(reader.Email))
        {
            return await PageAsync(
                mw,
                http,
                connection,
                reader,
                ct,
                refused: "Nothing was erased: what you typed is not this reader’s address."
            );
        }
        await ReaderData.EraseAsync(connection, reader.Id, ct);
        return Endpoints.Note(
            StatusCodes.Status200OK,
            "Erased",
            "All that was held on this reader is gone: address, wishes, mails and what came of them."
        );
    }

    private static async Task<IResult> ForAsync(
        Installation mw,
        HttpContext http,
        long id,
        Func<NpgsqlConnection, Subscriber, Task<IResult>> answer,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SubscriberStore.FindAsync(connection, id, ct) is { } reader ? await answer(connection, reader) : Endpoints.NotThere();
    }

    private static async Task<IResult> PageAsync(
        Installation mw,
        HttpContext http,
        NpgsqlConnection connection,
        Subscriber reader,
        CancellationToken ct,
        string? done = null,
        string? refused = null,
        string? because = null
    )
    {
        var session = DeskGate.Of(http);
        var key = SubscriberStore.KeyOf(reader.Email);
        var zone = DateTimeZoneProviders.Tzdb[session.Zone];
        var since = mw.Clock.GetCurrentInstant().InUtc().Date.PlusYears(-2).AtMidnight().InUtc().ToInstant();
        var decisions = await DecisionStore.OfAsync(connection, reader.Id, since, ct);
        var (mails, _) = await DeliveryDesk.ListAsync(connection, new DeliveryFilter { To = reader.Email }, Mails, ct);
        var page = Endpoints.Page<ReaderPage>(
            new
            {
                Session = session,
                Stamp = DeskGate.Stamp(http),
                Zone = zone,
                Done = done,
                Refused = refused,
                Because = because,
                Reader = new ReaderView
                {
                    Id = reader.Id,
                    Email = reader.Email,
                    State = reader.State,
                    Gets = ScheduleWords.Gets(reader, Language.English),
                    NextDueAt = reader.NextDueAt,
                    CreatedAt = reader.CreatedAt,
                    Suppressed = (await SuppressionStore.StandingAsync(connection, key, ct))?.InWords(),
                    Suppressions =
                    [
                        .. (await SuppressionStore.StoryAsync(connection, key, ct)).Select(one =>
                            (
                                one.SuppressedAt,
                                one.InWords(),
                                one.LiftedAt is { } lifted ? $"{DateWords.Time(lifted, zone)}: {one.LiftedBecause}" : null
                            )
                        ),
                    ],
                    Digests =
                    [
                        .. decisions
                            .Reverse()
                            .Take(Shown)
                            .Select(one =>
                                (
                                    one.DueSlot,
                                    one.InWords(),
                                    one.SubjectLine,
                                    (IReadOnlyList<string>)(one.Held ?? []),
                                    one.DeliveryInWords()
                                )
                            ),
                    ],
                    Mails = [.. mails.Select(mail => (mail.Id, mail.DueSlot, mail.Purpose, mail.SubjectLine, mail.Standing, mail.Said))],
                },
            }
        );
        page.StatusCode = refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }

    private static Instant Now(Installation mw) => Ledger.Micros(mw.Clock.GetCurrentInstant());
}
