using System.Globalization;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using Npgsql;

namespace MilestoneWatch.Web.Feeds;

/// <summary>The addresses of calendars and Atom feeds. Public ones are in English; a reader's calendar is in the reader's language.</summary>
internal static class FeedEndpoints
{
    private const string Calendar = "text/calendar; charset=utf-8";
    private const string Atom = "application/atom+xml; charset=utf-8";
    private const string Public = "public, max-age=300";

    // asked about each time: whoever leaves, or takes a new link, is done with the old one at once
    private const string Personal = "private, no-cache";
    private const int NewestOnBoard = 50;
    private const int NewestOfMilestone = 500;
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapFeeds(this IEndpointRouteBuilder routes, Installation mw)
    {
        var feeds = routes.MapGroup("").AddEndpointFilter(Endpoints.Guard);
        feeds.MapMethods(Links.BoardFeed, Reading, (HttpContext http, CancellationToken ct) => BoardAsync(mw, http, ct));
        feeds.MapMethods(
            "/m/{slug}.atom",
            Reading,
            (HttpContext http, string slug, CancellationToken ct) => MilestoneAsync(mw, http, slug, ct)
        );
        feeds.MapMethods(
            "/m/{slug}.ics",
            Reading,
            (HttpContext http, string slug, string? span, CancellationToken ct) => MilestoneDatesAsync(mw, http, slug, IsWindow(span), ct)
        );
        feeds.MapMethods(
            "/calendar/{token}.ics",
            Reading,
            (HttpContext http, string token, string? span, CancellationToken ct) => ReaderDatesAsync(mw, http, token, IsWindow(span), ct)
        );
    }

    private static async Task<IResult> BoardAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (head, changedAt) = await FeedStore.HeadAsync(connection, ct);
        var site = mw.Settings.Site;
        return await FeedAnswer.AnswerAsync(
            http,
            Atom,
            Public,
            Stand(site, head),
            changedAt,
            mw.Clock.GetCurrentInstant(),
            async () =>
                AtomFile.Write(
                    site,
                    "MilestoneWatch: what changed",
                    Links.BoardFeed,
                    Links.Board(),
                    await ToldAsync(mw, connection, null, ct)
                )
        );
    }

    private static async Task<IResult> MilestoneAsync(Installation mw, HttpContext http, string slug, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        if (await FeedStore.FindAsync(connection, slug, ct) is not { } row)
        {
            return Endpoints.NotThere();
        }
        var site = mw.Settings.Site;
        return await FeedAnswer.AnswerAsync(
            http,
            Atom,
            Public,
            Stand(site, row.Position, row.SubjectName),
            row.ChangedAt,
            mw.Clock.GetCurrentInstant(),
            async () =>
            {
                var title = await TitleAsync(connection, slug, ct);
                return AtomFile.Write(site, title, Links.Feed(slug), Links.Milestone(slug), await ToldAsync(mw, connection, row.Id, ct));
            }
        );
    }

    private static async Task<IResult> MilestoneDatesAsync(Installation mw, HttpContext http, string slug, bool span, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        if (await FeedStore.FindAsync(connection, slug, ct) is not { } row)
        {
            return Endpoints.NotThere();
        }
        var site = mw.Settings.Site;
        return await FeedAnswer.AnswerAsync(
            http,
            Calendar,
            Public,
            Stand(site, row.Position, row.SubjectName),
            row.ChangedAt,
            mw.Clock.GetCurrentInstant(),
            async () =>
                CalendarFile.Write(
                    await TitleAsync(connection, slug, ct),
                    await FeedStore.EventsAsync(connection, [row.Id], new PromisedDay(Language.English, span, site.LinkTo), ct)
                )
        );
    }

    private static async Task<IResult> ReaderDatesAsync(Installation mw, HttpContext http, string token, bool span, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var now = mw.Clock.GetCurrentInstant();
        var links = await Subscribers.Links.LoadAsync(connection, now, ct);
        if (
            !links.TryReadCalendar(token, out var id, out var generation)
            || await SubscriberStore.FindAsync(connection, id, ct) is not { State: "active" or "paused" } reader
            || reader.LinkGeneration != generation
        )
        {
            return Gone();
        }
        var followed = (await FeedStore.AllAsync(connection, ct))
            .Where(row => reader.Chosen.Any(topic => topic.Covers(row.Id, row.SubjectId)))
            .ToList();
        var language = Language.Of(reader.Language);
        var site = mw.Settings.Site;
        string[] names = [.. followed.Select(row => row.SubjectName).Distinct(StringComparer.Ordinal)];
        string[] topics = [.. reader.Chosen.Select(topic => string.Create(CultureInfo.InvariantCulture, $"{topic.Kind} {topic.RefId}"))];
        return await FeedAnswer.AnswerAsync(
            http,
            Calendar,
            Personal,
            Stand(site, followed.Count == 0 ? 0 : followed.Max(row => row.Position), [language.Code, .. topics, .. names]),
            // what a reader follows changes as well, and leaves no date
            changedAt: null,
            now,
            async () =>
                CalendarFile.Write(
                    language.Say("feed.calendar.name"),
                    await FeedStore.EventsAsync(
                        connection,
                        [.. followed.Select(row => row.Id)],
                        new PromisedDay(language, span, site.LinkTo),
                        ct
                    )
                )
        );
    }

    private static async Task<IReadOnlyCollection<AtomEntry>> ToldAsync(
        Installation mw,
        NpgsqlConnection connection,
        long? id,
        CancellationToken ct
    )
    {
        var told = await FeedStore.NewestAsync(connection, id, id is null ? NewestOnBoard : NewestOfMilestone, ct);
        return [.. told.Select(entry => entry.ToAtom(mw.Settings.Site.LinkTo))];
    }

    private static async Task<string> TitleAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        (await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct))!.Definition.Title;

    private static string Stand(SiteOptions site, long position, params IEnumerable<string> more) =>
        string.Join('\n', (IEnumerable<string>)[site.BaseUrl, position.ToString(CultureInfo.InvariantCulture), .. more]);

    private static bool IsWindow(string? span) => span == "window";

    // the same words whoever asks: nothing tells a forged address from one that was left
    private static IResult Gone() =>
        Endpoints.Note(
            StatusCodes.Status404NotFound,
            "There is no calendar at this address",
            "It may have been cut short, or replaced by a newer one. Your settings, behind the link in your latest mail, have the one that works."
        );
}
