using System.Data;
using System.Globalization;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// Everybody is due at once: `mw digest`, as published, over 10,000 milestones, 50 sets of topics and 2 languages, where readers of the
/// same topics know the same, and where no two know the same, so that no two mails are alike.
/// </summary>
internal sealed class DigestsBenchmark(PublishedExecutable mw, Sizes sizes, Report report)
{
    private const string Name = "digests";
    private const string Database = "digests";
    private const int TopicSets = 50;

    // one entry in so many is news; the others are looks, which move the ledger's head and no mail
    private const int News = 100;
    private const int MebibytesAtMost = 300;
    private static readonly Duration AtMost = Duration.FromSeconds(60);
    private static readonly Instant Start = Instant.FromUtc(2026, 5, 28, 8, 0);

    private const string Readers = """
        insert into subjects (slug, name) select 's' || n, 'Subject ' || n from generate_series(2, @sets) n;
        update milestones set subject_id = 1 + id % @sets;
        insert into subscribers (email, email_key, state, cadence, at_time, day, zone, language, position, tz_version, created_at, confirmed_at)
        select 'reader' || n || '@example.org', 'READER' || n || '@EXAMPLE.ORG', 'active', 'weekly', '08:00', 1, 'Europe/Paris',
            case when n / @sets % 2 = 0 then 'en' else 'fr' end, 0, @tzVersion, now(), now()
        from generate_series(1, @readers) n;
        insert into topics (subscriber_id, kind, ref_id, since) select id, 'subject', 1 + id % @sets, 0 from subscribers;
        insert into topics (subscriber_id, kind, ref_id, since) select id, 'milestone', 1 + (id % @sets + 7) % @sets, 0 from subscribers;
        """;

    private const string Due = """
        truncate deliveries, delivery_contents, decisions, audiences;
        update subscribers
        set position = @start + case when @apart then id % (@head - @start) else 0 end, digest_number = 0, last_digest_at = null,
            next_due_at = case when id <= @due then now() - interval '1 minute' end
        """;

    // a thousand readers' two years of daily digests, half of them with news
    private const string TwoYears = """
        select ensure_slot_partitions(month) from generate_series(now() - interval '25 months', now(), interval '1 month') month;
        insert into decisions (subscriber_id, due_slot, decided_at, from_position, to_position, outcome, digest_number, audience_id)
        select s, day, day, 1, 1, case when extract(day from day)::int % 2 = 0 then 'sent' else 'nothing_new' end, 1,
            (select min(id) from audiences)
        from generate_series(1, 1000) s, generate_series(now() - interval '2 years', now() - interval '1 day', interval '1 day') day;
        insert into deliveries (recipient, due_slot, key, purpose, subscriber_id, address, audience_id, state, next_attempt_at, expires_at,
            envelope_from, headers, personal, created_at, last_reply)
        select 'subscriber:' || d.subscriber_id, d.due_slot, 'digest:1', 'digest', d.subscriber_id, 'x@example.org', d.audience_id, 'sent',
            d.due_slot, d.due_slot, 'x@example.org', '', '{}', d.due_slot, 'OK'
        from decisions d where d.outcome = 'sent' and d.subscriber_id <= 1000 and d.due_slot < now() - interval '1 day';
        analyze decisions; analyze deliveries
        """;

    private const string Written = """
        select (select count(*) from decisions), (select count(*) from deliveries), (select count(*) from audiences)
        """;

    public async Task RunAsync(TemporaryCluster cluster, CancellationToken ct)
    {
        var (owner, application) = await cluster.MakeAsync(Database, ct);
        var last = new Line[sizes.Watched];
        await LedgerFiller.FillAsync(owner, MilestoneKind.Quantity, Lines(last), last.Select(line => (line, (Instant?)null)), ct);
        await ExecuteAsync(
            owner,
            Readers,
            new
            {
                sets = TopicSets,
                readers = sizes.Readers,
                tzVersion = DateTimeZoneProviders.Tzdb.VersionId,
            },
            ct
        );
        var few = sizes.Readers / 10;
        var due = $"{Report.Count(sizes.Readers)} due readers, {Report.Count(sizes.Watched)} milestones";
        var together = await MeasureAsync(owner, application, sizes.Readers, apart: false, ct);
        report.Add(
            new Figure(
                Name,
                $"{due}, {TopicSets} sets of topics, 2 languages",
                together.Told(),
                $"under {AtMost.TotalSeconds:0} s and {MebibytesAtMost} MB",
                together.Took < AtMost && together.Mebibytes < MebibytesAtMost
            )
        );
        var apart = await MeasureAsync(owner, application, few, apart: true, ct);
        report.Add(new Figure(Name, $"{Report.Count(few)} of them, each at a position of their own", apart.Told()));
        report.Add(new Figure(Name, "ratio of the times, for a reader", Report.Ratio(apart.Took / few / (together.Took / sizes.Readers))));
        await WhyAsync(owner, application, ct);
        await cluster.DropAsync(Database, ct);
    }

    private async Task WhyAsync(NpgsqlDataSource owner, NpgsqlDataSource application, CancellationToken ct)
    {
        await ExecuteAsync(owner, TwoYears, new { }, ct);
        var samples = new Samples();
        for (var i = -2; i < 10; i++)
        {
            await (i < 0 ? new Samples() : samples).TimeAsync(async () =>
                await RunAsync(application.ConnectionString, ["subscriber", "why", "reader7@example.org", "--json"], ct)
            );
        }
        report.Add(
            new Figure(
                Name,
                "mw subscriber why, two years of daily digests: median of 10, max",
                $"{Samples.Milliseconds(samples.Median)}, {Samples.Milliseconds(samples.Max)}",
                "max under 1 s",
                samples.Max < TimeSpan.FromSeconds(1)
            )
        );
    }

    private async Task<Measured> MeasureAsync(
        NpgsqlDataSource owner,
        NpgsqlDataSource application,
        int due,
        bool apart,
        CancellationToken ct
    )
    {
        var positions = new
        {
            start = (long)sizes.Watched,
            head = (long)sizes.Watched + sizes.Changes,
            apart,
            due,
        };
        await ExecuteAsync(owner, Due, positions, ct);
        await ExecuteAsync(owner, "vacuum (analyze) subscribers", new { }, ct);
        await ExecuteAsync(owner, "checkpoint", new { }, ct);
        var run = await RunAsync(application.ConnectionString, ["digest"], ct);
        await using var connection = await owner.OpenConnectionAsync(ct);
        var (decisions, mails, audiences) = await connection.QuerySingleAsync<(long, long, long)>(
            new CommandDefinition(Written, cancellationToken: ct)
        );
        return decisions == due
            ? new Measured(run.Took, run.Mebibytes, run.Cpu, decisions, mails, audiences)
            : throw new InvalidOperationException($"{due} readers were due, and {decisions} were looked after");
    }

    private Task<MeasuredRun> RunAsync(string connectionString, string[] arguments, CancellationToken ct) =>
        MeasuredRun.OfAsync(
            mw,
            arguments,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["MW_ConnectionStrings__MilestoneWatch"] = connectionString },
            ct
        );

    private IEnumerable<Line> Lines(Line[] last)
    {
        var random = new Random(3);
        var at = Start;
        for (var position = 1L; position <= sizes.Watched + sizes.Changes; position++)
        {
            at += Duration.FromSeconds(60);
            var index = position <= last.Length ? (int)position - 1 : random.Next(last.Length);
            var state = last[index]?.State;
            var body =
                // one in twenty has passed its window
                state is null
                    ? Invented.Quantity(index % 20 == 0 ? "Q3 2026" : "by end of 2028")
                : position % News == 0 ? Invented.Next(random, state)
                : new EntryBody(new Looked());
            var on = at.InUtc().Date;
            if (Invented.After(state, MilestoneKind.Quantity, position, body, on) is not { } after)
            {
                body = Invented.Progress(position);
                after = Invented.After(state, MilestoneKind.Quantity, position, body, on)!;
            }
            yield return last[index] = new Line(index + 1, position, at, body, after);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, object arguments, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(sql, arguments, commandType: CommandType.Text, cancellationToken: ct));
    }

    private sealed record Measured(Duration Took, long Mebibytes, TimeSpan Cpu, long Readers, long Mails, long Audiences)
    {
        public string Told() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Took.TotalSeconds:0.0} s, {Readers / Took.TotalSeconds:#,0} readers a second, {Mails:#,0} mails of {Audiences:#,0} renderings, {Mebibytes} MB, {Cpu.TotalSeconds:0} s of CPU"
            );
    }
}
