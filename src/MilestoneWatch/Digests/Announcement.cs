using System.Text.Json.Nodes;
using Dapper;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>What readers will be told of one change of one milestone, as an alert to somebody who knows everything before it.</summary>
/// <param name="View">The words; null where no mail goes out for it.</param>
/// <param name="LastLook">When it was last looked at, which the next mail of it will say; null for never.</param>
/// <param name="Readers">How many readers follow it.</param>
/// <param name="AtOnce">How many of them are told at once.</param>
public sealed record Announcement(DigestView? View, string? LastLook, int Readers, int AtOnce)
{
    private const string Questions = "select question_id from milestone_about where about_id = @id order by question_id";

    private const string Followers = """
        select count(*)::int as readers, (count(*) filter (where s.cadence = 'immediate'))::int as at_once
        from subscribers s
        where s.state = 'active' and exists (
            select from topics t
            join milestones m on m.id = @id
            where t.subscriber_id = s.id and (
                t.kind = 'all' or t.kind = 'subject' and t.ref_id = m.subject_id or t.kind = 'milestone' and t.ref_id = m.id))
        """;

    /// <summary>The same for programs; null where no mail goes out for it.</summary>
    public JsonObject? Json() =>
        View is { } view
            ? new JsonObject
            {
                ["subject"] = view.Subject,
                ["text"] = DigestText.News(view),
                ["readers"] = Readers,
            }
            : null;

    /// <param name="connection">Where the change can be seen, committed or not.</param>
    /// <param name="before">How it stood before; null when the change brings it.</param>
    /// <param name="milestone">How it stands after.</param>
    /// <param name="now">The run's clock.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<Announcement> OfAsync(
        NpgsqlConnection connection,
        Milestone? before,
        Milestone milestone,
        Instant now,
        CancellationToken ct
    )
    {
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, ct))[milestone.Id].ToList();
        var questions = (
            await connection.QueryAsync<long>(new CommandDefinition(Questions, new { id = milestone.Id }, cancellationToken: ct))
        ).ToArray();
        var (readers, atOnce) = await connection.QuerySingleAsync<(int, int)>(
            new CommandDefinition(Followers, new { id = milestone.Id }, cancellationToken: ct)
        );
        var delta = Delta.Of(milestone, history, before?.State.Position ?? 0);
        var input = new DigestInput
        {
            Immediate = true,
            Now = now,
            Zone = milestone.Zone,
            Changed = [delta],
            Followed = [delta],
            BearsOn = (await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: questions)).ToLookup(
                _ => milestone.Slug,
                StringComparer.Ordinal
            ),
            Names = await LedgerReader.NamesAsync(connection, history, ct),
            ToldOn = _ => null,
        };
        return new Announcement(delta.IsEmpty ? null : DigestWriter.Write(input), DigestWriter.LastLook(input, delta), readers, atOnce);
    }
}
