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

    private const string Kinds =
        "select id, kind from milestones where id > @after order by id limit 200";

    internal sealed record Problem(long Position, string What);

    internal sealed record Report(
        long Entries,
        IReadOnlyList<long> Redacted,
        IReadOnlyList<Problem> Problems
    );

    public static async Task<Report> RunAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var redacted = new List<long>();
        var (position, entries) = (0L, 0L);
        byte[] previous = [];
        while (true)
        {
            var rows = (
                await connection.QueryAsync<Row>(
                    new CommandDefinition(Chain, new { after = position }, cancellationToken: ct)
                )
            ).ToList();
            foreach (var row in rows)
            {
                if (row.Position != position + 1)
                {
                    problems.Add(
                        new(
                            row.Position,
                            $"entries {position + 1} to {row.Position - 1} are missing before it"
                        )
                    );
                }
                if (row.Body is null || row.Salt is null)
                {
                    redacted.Add(row.Position);
                }
                else if (
                    !SHA256
                        .HashData([.. row.Salt, .. Encoding.UTF8.GetBytes(row.Body)])
                        .AsSpan()
                        .SequenceEqual(row.BodyHash)
                )
                {
                    problems.Add(new(row.Position, "its body is not the one that was recorded"));
                }
                if (!row.ChainedHash(previous).AsSpan().SequenceEqual(row.Hash))
                {
                    problems.Add(
                        new(
                            row.Position,
                            "its hash does not follow from what it says and the entry before it"
                        )
                    );
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

    private static async Task RefoldAsync(
        NpgsqlConnection connection,
        List<Problem> problems,
        CancellationToken ct
    )
    {
        for (var after = 0L; ; )
        {
            var page = (
                await connection.QueryAsync<(long Id, string Kind)>(
                    new CommandDefinition(Kinds, new { after }, cancellationToken: ct)
                )
            ).ToList();
            if (page.Count == 0)
            {
                return;
            }
            long[] ids = [.. page.Select(row => row.Id)];
            ILookup<long, Entry> histories;
            try
            {
                histories = await LedgerReader.HistoryAsync(connection, ids, long.MaxValue, ct);
            }
            catch (System.Text.Json.JsonException e)
            {
                problems.Add(
                    new(
                        0,
                        $"a body or state between milestones {ids[0]} and {ids[^1]} cannot be read: {e.Message}"
                    )
                );
                after = ids[^1];
                continue;
            }
            foreach (var (id, kind) in page)
            {
                if (
                    Refold.FirstWrong(
                        LedgerJson.ReadEnum<MilestoneKind>(kind),
                        [.. histories[id]]
                    ) is
                    { } wrong
                )
                {
                    problems.Add(new(wrong, "its state is not what the entries up to it make"));
                }
            }
            after = ids[^1];
        }
    }

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
