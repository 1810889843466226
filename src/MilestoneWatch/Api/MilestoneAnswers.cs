using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>What the record says of milestones and subjects, now or as it was known then.</summary>
internal static class MilestoneAnswers
{
    public static async Task<IResult> PageAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "subject", "kind", "status", "asOf", "limit", "cursor");
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var filter = new MilestoneFilter(
            http.Request.Query.ContainsKey("subject")
                ? asked.Any(
                    "subject",
                    await ApiStore.SubjectSlugsAsync(connection, ct),
                    "a subject is named by its slug: /api/v1/subjects lists all"
                )
                : null,
            asked.Words<MilestoneKind>("kind"),
            asked.Words<Status>("status")
        );
        var asOf = asked.AsOf();
        var question = $"milestones;{filter.Text};{asOf}";
        var (limit, cursor) = (asked.Limit(), asked.Cursor(question));
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        var (head, at) = await AtAsync(connection, mw.Clock, asOf, ct);
        var page = cursor ?? new Cursor(head, 0);
        var ids = await ApiStore.MilestonesAsync(connection, page, filter, limit + 1, ct);
        var shown = ids[..Math.Min(limit, ids.Length)];
        var milestones = await LedgerReader.MilestonesAsync(connection, page.Position, ct, ids: shown);
        var histories = await LedgerReader.HistoryAsync(connection, shown, page.Position, ct);
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = new JsonArray([.. milestones.Select(one => PublicJson.Of(one, [.. histories[one.Id]], at))]),
                ["next_cursor"] = ids.Length > limit ? (page with { After = shown[^1] }).Write(question) : null,
            }
        );
    }

    public static async Task<IResult> OneAsync(Installation mw, HttpContext http, string slug, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "asOf");
        var asOf = asked.AsOf();
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (position, at) = await AtAsync(connection, mw.Clock, asOf, ct);
        if (await FindAsync(connection, slug, position, ct) is not { } milestone)
        {
            return await NotThereAsync(connection, slug, at, ct);
        }
        var history = await LedgerReader.HistoryAsync(connection, [milestone.Id], position, ct);
        return ApiAnswer.Of(http, milestone, PublicJson.Of(milestone, [.. history[milestone.Id]], at));
    }

    public static async Task<IResult> HistoryAsync(Installation mw, HttpContext http, string slug, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "asOf", "limit", "cursor");
        var asOf = asked.AsOf();
        var question = $"history;{slug};{asOf}";
        var (limit, cursor) = (asked.Limit(), asked.Cursor(question));
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (head, at) = await AtAsync(connection, mw.Clock, asOf, ct);
        var page = cursor ?? new Cursor(head, 0);
        if (await FindAsync(connection, slug, page.Position, ct) is not { } milestone)
        {
            return await NotThereAsync(connection, slug, at, ct);
        }
        var positions = await ApiStore.EntriesAsync(connection, milestone.Id, page, limit + 1, ct);
        var shown = positions[..Math.Min(limit, positions.Length)];
        var entries = await LedgerReader.AtAsync(connection, shown, ct);
        var retractions = await LedgerReader.HistoryAsync(connection, [milestone.Id], page.Position, ct, [EntryKind.Retracted]);
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = PublicJson.History([.. shown.Select(position => entries[position])], [.. retractions[milestone.Id]]),
                ["next_cursor"] = positions.Length > limit ? (page with { After = shown[^1] }).Write(question) : null,
            }
        );
    }

    public static async Task<IResult> SubjectsAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "asOf");
        var asOf = asked.AsOf();
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (position, _) = await AtAsync(connection, mw.Clock, asOf, ct);
        var subjects = await ApiStore.SubjectsAsync(connection, position, ct);
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = new JsonArray([
                    .. subjects.Select(subject => new JsonObject
                    {
                        ["slug"] = subject.Slug,
                        ["name"] = subject.Name,
                        ["milestones"] = subject.Milestones,
                    }),
                ]),
            }
        );
    }

    // what is no slug is asked of no database: it may be no text that one can hold
    internal static async Task<Milestone?> FindAsync(NpgsqlConnection connection, string slug, long position, CancellationToken ct) =>
        Slugs.IsOne(slug) ? await LedgerReader.FindAsync(connection, slug, position, ct) : null;

    internal static async Task<ApiProblem> NotThereAsync(NpgsqlConnection connection, string slug, Instant at, CancellationToken ct)
    {
        var known = await LedgerReader.SlugsAsync(connection, ct);
        if (known.Contains(slug, StringComparer.Ordinal))
        {
            return ApiProblem.NoSuchMilestone(
                $"{slug} was not on record yet as of {InstantPattern.General.Format(at)}",
                "ask with a later asOf, or without one"
            );
        }
        var meant = NearestSlug.Of(Asked.Shown(slug), known);
        return ApiProblem.NoSuchMilestone(
            $"there is no milestone \"{Asked.Shown(slug)}\"",
            meant is null ? "/api/v1/milestones lists all" : $"did you mean \"{meant}\"? /api/v1/milestones lists all"
        );
    }

    internal static async Task<(long Position, Instant At)> AtAsync(
        NpgsqlConnection connection,
        IClock clock,
        Instant? asOf,
        CancellationToken ct
    ) =>
        asOf is { } at
            ? (await LedgerReader.PositionAtAsync(connection, at, ct), at)
            : (await LedgerReader.HeadAsync(connection, ct), clock.GetCurrentInstant());
}
