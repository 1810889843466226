using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MilestoneWatch.Access;
using MilestoneWatch.Digests;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>
/// One change through the API: looked at only, where it is a dry run; recorded once for a key, however often it is sent; and against the
/// revision that was seen, where one is named.
/// </summary>
internal sealed class ApiChange
{
    // each lost try is another's change that landed
    private const int Tries = 20;
    private const int MostShown = 50;

    private readonly Installation _mw;
    private readonly ApiToken _token;
    private readonly IfMatch _condition;
    private readonly string? _key;
    private readonly byte[] _request;
    private KeptAnswer? _answer;

    private ApiChange(Installation mw, ApiToken token, IfMatch condition, bool dryRun, string? key, byte[] request)
    {
        (_mw, _token, _condition, _key, _request) = (mw, token, condition, key, request);
        Look = dryRun ? LookAsync : null;
        Recorder = mw.Recorder.Through(Door.Api, WriteAsync);
    }

    /// <summary>Makes the change of a milestone as it is on record; null for one that is new.</summary>
    internal delegate Task<RecordOutcome> Make(ApiChange change, Milestone? milestone, int? revision);

    public Recorder Recorder { get; }

    /// <summary>What looks at a change that is tried only; null where it is to be recorded.</summary>
    public Look? Look { get; }

    /// <summary>Reads what is asked beside the body; a problem where it cannot be.</summary>
    public static (ApiChange? Change, ApiProblem? Problem) Read(Installation mw, HttpContext http, byte[] body)
    {
        var asked = new Asked(http.Request, "dry_run");
        var dryRun = asked.One("dry_run");
        if (dryRun is not (null or "true" or "false"))
        {
            asked.Refuse("dry_run", $"dry_run \"{Asked.Shown(dryRun)}\" is neither true nor false", "write dry_run=true, or leave it out");
        }
        if (asked.Problem is { } bad)
        {
            return (null, bad);
        }
        if (!IfMatch.TryRead(http.Request.Headers.IfMatch, out var condition, out var problem))
        {
            return (null, problem);
        }
        string? key = null;
        if (http.Request.Headers["Idempotency-Key"] is { Count: > 0 } keys)
        {
            // as the draft has it a text in quotes, and as most send it, without
            key = keys.ToString().Trim();
            key = key is ['"', .. var quoted, '"'] ? quoted : key;
            if (key.Length is 0 or > 200 || key.Any(letter => letter is < '!' or > '~'))
            {
                return (
                    null,
                    ApiProblem.BadHeader(
                        "Idempotency-Key",
                        "the Idempotency-Key is not 1 to 200 visible ASCII characters",
                        "send one key, such as a UUID"
                    )
                );
            }
        }
        var said = Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n");
        // a dry run changes nothing, so nothing of it is kept
        var looks = dryRun == "true";
        return (new ApiChange(mw, ApiGate.TokenOf(http), condition, looks, looks ? null : key, SHA256.HashData([.. said, .. body])), null);
    }

    /// <param name="slug">The milestone that changes; null for one that is new.</param>
    /// <param name="make">Makes the change.</param>
    /// <param name="ct">Stops waiting.</param>
    public async Task<IResult> RunAsync(string? slug, Make make, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            if (await KeptAsync(ct) is { } kept)
            {
                return kept;
            }
            var outcome = await TryAsync(slug, make, ct);
            if (outcome is RecordOutcome.Recorded && _answer is { } answer)
            {
                await CleanAsync(ct);
                return answer;
            }
            if (await KeptAsync(ct) is { } meanwhile)
            {
                return meanwhile;
            }
            switch (outcome)
            {
                case RecordOutcome.Refused { Stale: true } when _condition.Seen is null && tries < Tries:
                    break;
                case RecordOutcome.Refused { Stale: true }:
                    return await StaleAsync(slug!, ct);
                case RecordOutcome.Refused refused:
                    return ApiProblem.Refused(refused.Reason);
                case RefusedBefore { Problem: var problem }:
                    return problem;
                default:
                    throw new InvalidOperationException($"an outcome of {outcome}");
            }
        }
    }

    private async Task<RecordOutcome> TryAsync(string? slug, Make make, CancellationToken ct)
    {
        Milestone? milestone = null;
        if (slug is not null)
        {
            await using var connection = await _mw.Database.OpenConnectionAsync(ct);
            milestone = await MilestoneAnswers.FindAsync(connection, slug, long.MaxValue, ct);
            if (milestone is null)
            {
                return new RefusedBefore(await MilestoneAnswers.NotThereAsync(connection, slug, _mw.Clock.GetCurrentInstant(), ct));
            }
            if (!_condition.Holds(milestone.State.Revision))
            {
                return new RecordOutcome.Refused("", Stale: true);
            }
        }
        try
        {
            return await make(this, milestone, _condition.Seen is null ? null : milestone?.State.Revision);
        }
        catch (RefusedException e)
        {
            return new RecordOutcome.Refused(e.Message);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: KeptAnswerStore.OncePerKey })
        {
            // the same request was faster; what it was answered is kept now
            return new RecordOutcome.Refused("the key was used meanwhile");
        }
    }

    private async Task<IResult?> KeptAsync(CancellationToken ct)
    {
        if (_key is null)
        {
            return null;
        }
        await using var connection = await _mw.Database.OpenConnectionAsync(ct);
        return await KeptAnswerStore.FindAsync(connection, _token.Id, _key, ct) is var (answer, request)
            ? request.AsSpan().SequenceEqual(_request)
                ? answer
                : ApiProblem.KeyUsed()
            : null;
    }

    private async Task<IResult> StaleAsync(string slug, CancellationToken ct)
    {
        await using var connection = await _mw.Database.OpenConnectionAsync(ct);
        var milestone = (await MilestoneAnswers.FindAsync(connection, slug, long.MaxValue, ct))!;
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, ct))[milestone.Id].ToList();
        var (revision, seen) = (milestone.State.Revision, _condition.Seen is { } named ? named.Max() : -1);
        var since = history.Where(entry => seen >= 0 && !entry.Kind.IsDerived() && entry.State.Revision > seen).TakeLast(MostShown);
        return ApiProblem.Stale(
            ApiAnswer.TagOf(milestone, PublicJson.Of(milestone, history, _mw.Clock.GetCurrentInstant()).ToJsonString(LedgerJson.Options)),
            [.. since.Select(entry => new JsonObject { ["position"] = entry.Position, ["kind"] = LedgerJson.WriteEnum(entry.Kind) })],
            seen >= 0
                ? $"{slug}: you saw revision {seen}, it is now {revision}"
                : $"{slug} has no such tag; it is now at revision {revision}"
        );
    }

    private async Task LookAsync(NpgsqlConnection connection, Milestone? before, Milestone after, CancellationToken ct) =>
        _answer = await AnswerAsync(connection, before, after, recorded: null, ct);

    private async Task WriteAsync(NpgsqlConnection connection, RecordOutcome.Recorded recorded, Milestone? before, CancellationToken ct)
    {
        var after = (await LedgerReader.FindAsync(connection, recorded.Slug, long.MaxValue, ct))!;
        _answer = await AnswerAsync(connection, before, after, recorded.Position, ct);
        if (_key is not null)
        {
            var now = Ledger.Micros(_mw.Clock.GetCurrentInstant());
            await KeptAnswerStore.AddAsync(connection, _token.Id, _key, _request, _answer, now, ct);
        }
    }

    private async Task<KeptAnswer> AnswerAsync(
        NpgsqlConnection connection,
        Milestone? before,
        Milestone after,
        long? recorded,
        CancellationToken ct
    )
    {
        var now = _mw.Clock.GetCurrentInstant();
        var told = await Announcement.OfAsync(connection, before, after, now, ct);
        var history = await LedgerReader.HistoryAsync(connection, [after.Id], long.MaxValue, ct);
        var json = PublicJson.Of(after, [.. history[after.Id]], now);
        var tag = ApiAnswer.TagOf(after, json.ToJsonString(LedgerJson.Options));
        json["recorded"] = recorded;
        json["told"] = told.Json();
        var body = json.ToJsonString(LedgerJson.Options);
        return recorded is null
            ? new KeptAnswer(StatusCodes.Status200OK, null, null, body)
            : new KeptAnswer(StatusCodes.Status201Created, tag, $"{ApiEndpoints.Root}/milestones/{after.Slug}", body);
    }

    private async Task CleanAsync(CancellationToken ct)
    {
        if (_key is not null)
        {
            await using var connection = await _mw.Database.OpenConnectionAsync(ct);
            await KeptAnswerStore.CleanAsync(connection, _mw.Clock.GetCurrentInstant(), ct);
        }
    }

    private sealed record RefusedBefore(ApiProblem Problem) : RecordOutcome;
}
