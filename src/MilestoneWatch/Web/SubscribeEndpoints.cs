using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Web;

/// <summary>The page through which people join. What it answers, and what it does before it answers, is the same for every address.</summary>
internal static class SubscribeEndpoints
{
    public static void MapSubscribePage(this IEndpointRouteBuilder routes, Installation mw)
    {
        routes.MapGet(
            "/subscribe",
            async (HttpRequest http, CancellationToken ct) =>
            {
                var language = PageLanguage.Of(http);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var offer = await OfferReader.ReadAsync(connection, ct);
                http.HttpContext.Response.Headers.Vary = "Accept-Language";
                var chosen = Chosen(http.Query["topics"], offer);
                var form = new WishesForm
                {
                    Zone = offer.Zone,
                    Language = language.Code,
                    Everything = chosen.Count == 0,
                    Topics = [.. chosen.Select(topic => topic.Slug)],
                };
                return Page(language, offer, form, Wishes.NoErrors, null, [.. chosen.Select(topic => topic.Name)]);
            }
        );
        routes
            .MapPost("/subscribe", (HttpContext http, CancellationToken ct) => SubscribeAsync(mw, http, ct))
            .AddEndpointFilter(SameOrigin.Filter(mw.Settings.Site))
            .DisableAntiforgery();
    }

    private static async Task<IResult> SubscribeAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var language = PageLanguage.Of(http.Request);
        if (await ReaderPages.FormAsync(http.Request, ct) is not { } form)
        {
            return ReaderPages.Unreadable(language);
        }
        Wishes wishes;
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            wishes = await Wishes.ReadAsync(connection, form, withAddress: true, ct);
            var meant = wishes.Mailbox is { } typed && form.Kept != form.Email ? AddressTypos.Meant(typed) : null;
            if (wishes.Errors.Count > 0 || meant is not null)
            {
                return Page(language, await OfferReader.ReadAsync(connection, ct), form, wishes.Errors, meant);
            }
        }
        var request = new JoinRequest(wishes.Mailbox!.Address, wishes.Schedule!, wishes.Slugs, form.Language);
        if (await Joining.RequestAsync(mw, request, ClientNetwork.Of(http, mw.Settings.Site), ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = JoinLimits.Seconds(wait);
            return ReaderPages.Note(
                language,
                StatusCodes.Status429TooManyRequests,
                language.Say("page.busy.title"),
                language.Count("page.busy.text", Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes)))
            );
        }
        return ReaderPages.Note(
            language,
            StatusCodes.Status200OK,
            language.Say("page.asked.title"),
            language.Say("page.asked.text", ("email", form.Email)) + " " + language.Say("page.asked.nothing"),
            ($"/subscribe?lang={language.Code}", language.Say("page.asked.again"))
        );
    }

    /// <summary>What a link asks to have ticked, of what can be followed; a link may be older than what it names.</summary>
    private static IReadOnlyList<(string Slug, string Name)> Chosen(IEnumerable<string?> asked, Offer offer)
    {
        var slugs = asked
            .OfType<string>()
            .SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. offer
                .Subjects.SelectMany(subject =>
                    subject.Milestones.Select(milestone => (milestone.Slug, milestone.Name)).Prepend((subject.Slug, subject.Name))
                )
                .Where(topic => slugs.Contains(topic.Item1)),
        ];
    }

    private static IResult Page(
        Language language,
        Offer offer,
        WishesForm form,
        IReadOnlyDictionary<string, string> errors,
        string? meant,
        IReadOnlyList<string>? chosen = null
    )
    {
        var page = Endpoints.Page<SubscribePage>(
            new
            {
                Language = language,
                Offer = offer,
                Form = form,
                Errors = errors,
                Meant = meant,
                Chosen = chosen ?? [],
            }
        );
        page.StatusCode = errors.Count == 0 && meant is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;
        return page;
    }
}
