using Dapper;
using MilestoneWatch.Web.Views;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>Reads what can be followed.</summary>
internal static class OfferReader
{
    private const string Milestones = """
        select j.slug as subject, j.name as subject_name, m.slug, m.zone,
            coalesce(d.body::jsonb #>> '{change,definition,name}', d.body::jsonb #>> '{change,definition,title}', m.slug) as name
        from milestones m
        join subjects j on j.id = m.subject_id
        left join entries d on d.position = (m.state ->> 'definition_position')::bigint
        where m.position > 0
        order by j.id, m.id
        """;

    public static async Task<Offer> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Milestones, cancellationToken: ct))).ToList();
        return new Offer(
            [
                .. rows.GroupBy(row => (row.Subject, row.SubjectName))
                    .Select(subject => new OfferedTopics(
                        subject.Key.Subject,
                        subject.Key.SubjectName,
                        [.. subject.Select(row => new OfferedMilestone(row.Slug, row.Name))]
                    )),
            ],
            // UTC is where nobody said
            rows.Where(row => row.Zone != "UTC").CountBy(row => row.Zone, StringComparer.Ordinal).MaxBy(zone => zone.Value).Key
                ?? "UTC"
        );
    }

    private sealed record Row
    {
        public string Subject { get; init; } = "";
        public string SubjectName { get; init; } = "";
        public string Slug { get; init; } = "";
        public string Zone { get; init; } = "";
        public string Name { get; init; } = "";
    }
}
