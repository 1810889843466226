using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>The digest pass's side of the readers' table: who is due, and what they know afterwards.</summary>
internal static class DueReaders
{
    private const string Ring = "select pg_notify('milestonewatch_digests', '')";

    private const string Claim = $"""
        select {SubscriberStore.Columns} from subscribers s
        where s.state in ('active', 'paused') and s.next_due_at <= @now
        order by s.next_due_at limit @batch for update skip locked
        """;

    // Found from recently changed milestones: quiet for a while, or the first untold change is old enough.
    private const string ClaimAlerts = $"""
        select {SubscriberStore.Columns} from subscribers s
        where s.state = 'active' and s.cadence = 'immediate' and s.position < @head
            and not exists (select from suppressions x where x.email_key = s.email_key and x.lifted_at is null) and exists (
            select from topics t
            join milestones m on t.kind = 'all' or (t.kind = 'subject' and t.ref_id = m.subject_id)
                or (t.kind = 'milestone' and t.ref_id = m.id)
            where t.subscriber_id = s.id and m.position > @settled and m.position > greatest(s.position, t.since)
            having max(m.changed_at) <= @quietSince or min((
                select min(e.recorded_at) from entries e
                where e.milestone_id = m.id and e.position > greatest(s.position, t.since))) <= @patientSince)
        order by s.id limit @batch for update skip locked
        """;

    // Whoever is not told yet, also those whom another worker holds just now.
    private const string AlertPending = """
        select exists (
            select from subscribers s
            join topics t on t.subscriber_id = s.id
            join milestones m on t.kind = 'all' or (t.kind = 'subject' and t.ref_id = m.subject_id)
                or (t.kind = 'milestone' and t.ref_id = m.id)
            where s.state = 'active' and s.cadence = 'immediate' and s.position < @head
                and not exists (select from suppressions x where x.email_key = s.email_key and x.lifted_at is null)
                and m.position > @settled and m.position > greatest(s.position, t.since))
        """;

    private const string PutOff = "update subscribers set next_due_at = @until where id = any(@ids) and next_due_at <= @now";

    // Compares and sets: whoever was moved meanwhile is not counted.
    private const string Advance = """
        update subscribers s
        set position = u.position, digest_number = u.number, last_digest_at = u.last_digest_at, next_due_at = u.next_due_at, state = u.state,
            paused_until = case when u.state = 'paused' then s.paused_until end, welcome_due = false
        from unnest(@ids::bigint[], @seenPositions::bigint[], @seenNumbers::int[], @positions::bigint[], @numbers::int[],
            @lastDigests::timestamptz[], @nextDues::timestamptz[], @states::text[])
            as u (id, seen_position, seen_number, position, number, last_digest_at, next_due_at, state)
        where s.id = u.id and s.position = u.seen_position and s.digest_number = u.seen_number
        """;

    private const string Outdated = $"""
        select {SubscriberStore.Columns} from subscribers s
        where s.state in ('active', 'paused') and s.next_due_at > @now and s.tz_version <> @version
        order by s.id limit @batch for update skip locked
        """;

    private const string Reschedule = """
        update subscribers s set next_due_at = u.next_due_at, tz_version = @version
        from unnest(@ids::bigint[], @nextDues::timestamptz[]) as u (id, next_due_at) where s.id = u.id
        """;

    /// <summary>Wakes the digest passes, here and elsewhere, when the transaction commits: somebody is due now.</summary>
    public static Task RingAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Ring, cancellationToken: ct));

    /// <summary>Locks due readers until the transaction ends; nobody waits, nobody is claimed twice.</summary>
    public static Task<IReadOnlyList<Subscriber>> ClaimAsync(NpgsqlConnection connection, Instant now, int batch, CancellationToken ct) =>
        SubscriberStore.ReadAsync(connection, Claim, new { now, batch }, ct);

    /// <summary>The same for immediate readers: <paramref name="settled"/> is the position up to which all of them were looked after.</summary>
    public static Task<IReadOnlyList<Subscriber>> ClaimAlertsAsync(
        NpgsqlConnection connection,
        long settled,
        long head,
        Instant quietSince,
        Instant patientSince,
        int batch,
        CancellationToken ct
    ) =>
        SubscriberStore.ReadAsync(
            connection,
            ClaimAlerts,
            new
            {
                settled,
                head,
                quietSince,
                patientSince,
                batch,
            },
            ct
        );

    /// <summary>Whether any immediate reader has changes that they were not told.</summary>
    public static Task<bool> AnyAlertPendingAsync(NpgsqlConnection connection, long settled, long head, CancellationToken ct) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(AlertPending, new { settled, head }, cancellationToken: ct));

    /// <summary>Readers whose mail could not be written are due again later.</summary>
    public static Task PutOffAsync(NpgsqlConnection connection, long[] ids, Instant now, Instant until, CancellationToken ct) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                PutOff,
                new
                {
                    ids,
                    now,
                    until,
                },
                cancellationToken: ct
            )
        );

    /// <summary>Moves readers on, all or none.</summary>
    /// <exception cref="InvalidOperationException">Somebody moved one of them though they were locked.</exception>
    public static async Task AdvanceAsync(NpgsqlConnection connection, IReadOnlyList<Advanced> readers, CancellationToken ct)
    {
        var to = new
        {
            ids = readers.Select(one => one.Seen.Id).ToArray(),
            seenPositions = readers.Select(one => one.Seen.Position).ToArray(),
            seenNumbers = readers.Select(one => one.Seen.DigestNumber).ToArray(),
            positions = readers.Select(one => one.Position).ToArray(),
            numbers = readers.Select(one => one.Number).ToArray(),
            lastDigests = readers.Select(one => one.LastDigestAt).ToArray(),
            nextDues = readers.Select(one => one.NextDueAt).ToArray(),
            states = readers.Select(one => one.Paused ? "paused" : "active").ToArray(),
        };
        var moved = await connection.ExecuteAsync(new CommandDefinition(Advance, to, cancellationToken: ct));
        if (moved != readers.Count)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"{readers.Count - moved} readers moved while locked"));
        }
    }

    /// <summary>Slots of another tz database's making are computed again; a batch. Returns whether there was work.</summary>
    /// <remarks>The slot nearest to the old one is the same digest's: none is skipped, none is doubled.</remarks>
    public static async Task<bool> RescheduleAsync(
        NpgsqlConnection connection,
        Instant now,
        string version,
        int batch,
        CancellationToken ct
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var readers = await SubscriberStore.ReadAsync(
            connection,
            Outdated,
            new
            {
                now,
                version,
                batch,
            },
            ct
        );
        var to = new
        {
            ids = readers.Select(reader => reader.Id).ToArray(),
            nextDues = readers.Select(reader => reader.Schedule.Nearest(reader.NextDueAt!.Value)).ToArray(),
            version,
        };
        await connection.ExecuteAsync(new CommandDefinition(Reschedule, to, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        return readers.Count > 0;
    }
}
