using System.Globalization;
using System.Text.Json;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>What analysts' programs record: what happened to a milestone, a milestone that is new, and that an entry was a mistake.</summary>
internal static class ChangeAnswers
{
    private static readonly string[] NewMembers = ["slug", "kind", "zone", "subject", "definition", "promise", .. SaidBody.Members];

    public static Task<IResult> RecordAsync(Installation mw, HttpContext http, string slug, CancellationToken ct) =>
        RunAsync(
            mw,
            http,
            json => new ChangeBody(mw.Clock).Read(json, slug, ApiGate.TokenOf(http).Analyst),
            (read, change) =>
                change.RunAsync(
                    slug,
                    async (at, milestone, revision) =>
                    {
                        var request = await AppliedAsync(mw, read.Request with { Revision = revision }, read.Steps, milestone!, ct);
                        return await at.Recorder.RecordAsync(request, ct, at.Look);
                    },
                    ct
                ),
            ct
        );

    public static Task<IResult> AddAsync(Installation mw, HttpContext http, CancellationToken ct) =>
        RunAsync(
            mw,
            http,
            json => New(mw, json, ApiGate.TokenOf(http).Analyst),
            (read, change) => change.RunAsync(null, (at, _, _) => at.Recorder.AddAsync(read.Added, read.Request, ct, at.Look), ct),
            ct
        );

    public static Task<IResult> RetractAsync(Installation mw, HttpContext http, string position, CancellationToken ct) =>
        RunAsync(
            mw,
            http,
            json =>
            {
                var body = new BodyFields(json, "", ["reason"]);
                return body.Text("reason") ?? throw body.Missing("reason", "say why it was a mistake; readers who were told see it");
            },
            async (reason, change) =>
            {
                if (
                    !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
                    || await SlugAtAsync(mw, entry, ct) is not { } slug
                )
                {
                    return ApiProblem.NoSuchEntry(position);
                }
                var analyst = ApiGate.TokenOf(http).Analyst;
                return await change.RunAsync(
                    slug,
                    (at, _, revision) => at.Recorder.RetractAsync(entry, reason, analyst, ct, at.Look, revision),
                    ct
                );
            },
            ct
        );

    private static async Task<IResult> RunAsync<T>(
        Installation mw,
        HttpContext http,
        Func<JsonElement, T> read,
        Func<T, ApiChange, Task<IResult>> run,
        CancellationToken ct
    )
    {
        var (bytes, unread) = await RequestBody.ReadAsync(http.Request, ct);
        if (unread is not null)
        {
            return unread;
        }
        var (change, problem) = ApiChange.Read(mw, http, bytes);
        if (change is null)
        {
            return problem!;
        }
        T wanted;
        try
        {
            using var json = RequestBody.Parse(bytes);
            wanted = read(json.RootElement);
        }
        catch (BadBodyException e)
        {
            return e.Problem;
        }
        return await run(wanted, change);
    }

    private static (NewMilestone Added, RecordRequest Request) New(Installation mw, JsonElement json, string analyst)
    {
        var body = new BodyFields(json, "", NewMembers);
        var slug = body.Text("slug") ?? throw body.Missing("slug", "give it a name in addresses: a-z, 0-9 and dashes");
        var request = SaidBody.Read(body, slug, analyst);
        var kind = body.Word<MilestoneKind>("kind") ?? MilestoneKind.Event;
        var edit = DefinitionBody.Read(body) ?? throw body.Missing("definition", "say what is promised: {\"title\": \"…\"}");
        Definition words;
        try
        {
            words = edit.For(kind);
        }
        catch (RefusedException e)
        {
            throw body.Bad("definition", e.Message, "mend definition and send it again; nothing was recorded");
        }
        var zone = body.Text("zone", text => Typed.Zone("zone", text)) ?? NodaTime.DateTimeZone.Utc;
        var promise = new ChangeBody(mw.Clock).PromiseOf(body, request.HappenedOn);
        return (new NewMilestone(slug, kind, zone, body.Text("subject"), words, promise), request);
    }

    private static async Task<RecordRequest> AppliedAsync(
        Installation mw,
        RecordRequest request,
        IReadOnlyList<ChangeStep> steps,
        Milestone milestone,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], milestone.State.Position, ct))[milestone.Id].ToList();
        return steps.Aggregate(request, (soFar, step) => step(soFar, milestone, history));
    }

    private static async Task<string?> SlugAtAsync(Installation mw, long position, CancellationToken ct)
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        return await SourceStore.SlugAtAsync(connection, position, ct);
    }
}
