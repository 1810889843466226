using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Recomputes what append_entries wrote, apart from the database: every hash, and every state by folding again.</summary>
internal static class LedgerVerification
{
    private const string Chain = """
        select position, milestone_id, kind, occasion, recorded_at, happened_on, happened_at, actor, retracts, body_hash, hash, salt, body
        from entries where position > @after order by position limit 5000
        """;

    private const string Milestones = """
        select m.id, m.kind, m.position, (m.position, m.state) is not distinct from (coalesce(e.position, 0), e.state) as agrees
        from milestones m
        left join lateral (
            select position, state from entries where milestone_id = m.id order by position desc limit 1
        ) e on true
        where m.id > @after order by m.id limit 200
        """;

    internal sealed record Problem(long Position, string What);

    internal sealed record Report(long Entries, IReadOnlyList<long> Redacted, IReadOnlyList<Problem> Problems);

    public static async Task<Report> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var redacted = new List<long>();
        var (position, entries) = (0L, 0L);
        byte[] previous = [];
        while (true)
        {
            var rows = (
                await connection.QueryAsync<Row>(new CommandDefinition(Chain, new { after = position }, cancellationToken: ct))
            ).ToList();
            foreach (var row in rows)
            {
                if (row.Position != position + 1)
                {
                    problems.Add(new(row.Position, $"entries {position + 1} to {row.Position - 1} are missing before it"));
                }
                if (row.Body is null && row.Salt is null)
                {
                    redacted.Add(row.Position);
                }
                else if (
                    row.Body is null
                    || row.Salt is null
                    || !SHA256.HashData([.. row.Salt, .. Encoding.UTF8.GetBytes(row.Body)]).AsSpan().SequenceEqual(row.BodyHash)
                )
                {
                    problems.Add(new(row.Position, "its body is not the one that was recorded"));
                }
                if (!row.ChainedHash(previous).AsSpan().SequenceEqual(row.Hash))
                {
                    problems.Add(new(row.Position, "its hash does not follow from what it says and the entry before it"));
                }
                (position, previous) = (row.Position, row.Hash);
            }
            entries += rows.Count;
            if (rows.Count == 0)
            {
                break;
            }
        }
        await RefoldAsync(connection, problems, ct);
        return new Report(entries, redacted, problems);
    }

    private static async Task RefoldAsync(NpgsqlConnection connection, List<Problem> problems, CancellationToken ct)
    {
        for (var after = 0L; ; )
        {
            var page = (
                await connection.QueryAsync<Current>(new CommandDefinition(Milestones, new { after }, cancellationToken: ct))
            ).ToList();
            if (page.Count == 0)
            {
                return;
            }
            foreach (var row in page.Where(row => !row.Agrees))
            {
                problems.Add(new(row.Position, "it is not what its milestone's current row was made from"));
            }
            await RefoldAsync(connection, page, problems, ct);
            after = page[^1].Id;
        }
    }

    private static async Task RefoldAsync(NpgsqlConnection connection, List<Current> page, List<Problem> problems, CancellationToken ct)
    {
        try
        {
            long[] ids = [.. page.Select(row => row.Id)];
            var histories = await LedgerReader.HistoryAsync(connection, ids, long.MaxValue, ct);
            foreach (var row in page)
            {
                if (FirstWrong(row.Kind, [.. histories[row.Id]]) is { } wrong)
                {
                    problems.Add(new(wrong, "its state is not what the entries up to it make"));
                }
            }
        }
        catch (UnreadableEntryException e) when (page.Count == 1)
        {
            problems.Add(new(e.Position, e.Message));
        }
        catch (UnreadableEntryException)
        {
            // one bad entry must not hide what is wrong with the other milestones
            foreach (var row in page)
            {
                await RefoldAsync(connection, [row], problems, ct);
            }
        }
    }

    private static long? FirstWrong(string kind, IReadOnlyList<Entry> entries)
    {
        try
        {
            return Refold.FirstWrong(LedgerJson.ReadEnum<MilestoneKind>(kind), entries);
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException)
        {
            // a body that lacks what every entry of its kind has: the hashes name it
            return entries[0].Position;
        }
    }

    private sealed record Current(long Id, string Kind, long Position, bool Agrees);

    private sealed record Row
    {
        public long Position { get; init; }
        public long MilestoneId { get; init; }
        public string Kind { get; init; } = "";
        public string? Occasion { get; init; }
        public Instant RecordedAt { get; init; }
        public LocalDate? HappenedOn { get; init; }
        public Instant? HappenedAt { get; init; }
        public Guid? Actor { get; init; }
        public long? Retracts { get; init; }
        public byte[] BodyHash { get; init; } = [];
        public byte[] Hash { get; init; } = [];
        public byte[]? Salt { get; init; }
        public string? Body { get; init; }

        public byte[] ChainedHash(byte[] previous) =>
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        '|',
                        "v1",
                        Number(Position),
                        Number(MilestoneId),
                        Kind,
                        Occasion,
                        Number(RecordedAt.ToUnixTimeTicks() / 10),
                        HappenedOn is { } on ? NodaTime.Text.LocalDatePattern.Iso.Format(on) : "",
                        HappenedAt is { } at ? Number(at.ToUnixTimeTicks() / 10) : "",
                        Actor?.ToString("D") ?? "",
                        Retracts is { } retracts ? Number(retracts) : "",
                        Convert.ToHexStringLower(BodyHash),
                        Convert.ToHexStringLower(previous)
                    )
                )
            );

        private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
