using Dapper;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>What readers change about their mails. Each change is one transaction, and none repeats or loses news.</summary>
internal static class Preferences
{
    private const string Lock = "select id from subscribers where id = @id for update";

    private const string Change = """
        update subscribers
        set cadence = @cadence, at_time = @at, day = @day, zone = @zone, language = @language, nothing_changed = @nothingChanged,
            next_due_at = @nextDueAt, tz_version = @tzVersion
        where id = @id
        """;

    private const string SubjectsOf = "select id, subject_id from milestones where id = any(@ids)";

    private const string ForgetTopics = "delete from topics where subscriber_id = @id";

    private const string InsertTopic = """
        insert into topics (subscriber_id, kind, ref_id, since, carried) values (@id, @kind, @refId, @since, @carried)
        """;

    private const string Pause = """
        update subscribers set state = 'paused', paused_until = @until, next_due_at = @nextDueAt where id = @id and state in ('active', 'paused')
        """;

    // Digests that were written after the last one that may have been sent are taken back: the next one tells what they would have told.
    private const string TakeBack = """
        with unsent as (
            update deliveries set state = 'cancelled', settled_at = clock_timestamp(), lease_until = null
            where recipient = 'subscriber:' || @id::bigint and state in ('ready', 'leased') and purpose in ('digest', 'welcome')
            returning due_slot),
        undone as (
            select min(d.from_position) as position from decisions d join unsent u on u.due_slot = d.due_slot
            where d.subscriber_id = @id and d.due_slot > coalesce((
                select max(v.due_slot) from deliveries v
                where v.recipient = 'subscriber:' || @id::bigint and v.state in ('sending', 'sent', 'unknown')
                    and v.purpose in ('digest', 'welcome')), '-infinity'))
        update subscribers s
        set position = undone.position,
            last_digest_at = (
                select max(d.decided_at) from decisions d
                where d.subscriber_id = @id and d.outcome = 'sent' and d.to_position <= undone.position)
        from undone where s.id = @id and undone.position is not null
        """;

    private const string Resume = """
        update subscribers set state = 'active', paused_until = null, next_due_at = @nextDueAt where id = @id and state = 'paused'
        """;

    private const string DueAgain = "update subscribers set next_due_at = @nextDueAt where id = @id and state = 'active'";

    /// <summary>Sets all that a reader may choose. A digest that is overdue stays due; a new alert reader is due now for what waits.</summary>
    /// <exception cref="InvalidOperationException">No such reader.</exception>
    public static async Task ChangeAsync(NpgsqlConnection connection, long id, Wanted wanted, Instant now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reader = await LockedAsync(connection, id, ct);
        var overdue = reader.NextDueAt is { } due && due <= now;
        var alerts = wanted.Schedule.Cadence == Cadence.Immediate && reader.Schedule.Cadence == Cadence.Immediate;
        var next =
            overdue ? reader.NextDueAt
            : alerts ? reader.NextDueAt ?? wanted.Schedule.SignOfLifeAfter(reader.LastDigestAt ?? now)
            : reader.State == "paused" && wanted.Schedule.Cadence == Cadence.Immediate ? reader.PausedUntil
            : wanted.Schedule.NextAfter(now) ?? now;
        await ExecuteAsync(
            connection,
            Change,
            new
            {
                id,
                cadence = LedgerJson.WriteEnum(wanted.Schedule.Cadence),
                at = wanted.Schedule.At,
                day = (short)wanted.Schedule.Day,
                zone = wanted.Schedule.Zone.Id,
                language = wanted.Language,
                nothingChanged = wanted.NothingChanged,
                nextDueAt = next,
                tzVersion = DateTimeZoneProviders.Tzdb.VersionId,
            },
            ct
        );
        long[] ids = [.. reader.Topics.Concat(wanted.Topics).Where(topic => topic.Kind == "milestone").Select(topic => topic.RefId)];
        var subjectOf = (
            await connection.QueryAsync<(long Id, long SubjectId)>(new CommandDefinition(SubjectsOf, new { ids }, cancellationToken: ct))
        ).ToDictionary(row => row.Id, row => row.SubjectId);
        var topics = TopicChange.Of(reader.Topics, wanted.Topics, subjectOf, await LedgerReader.HeadAsync(connection, ct));
        await ExecuteAsync(connection, ForgetTopics, new { id }, ct);
        foreach (var topic in topics)
        {
            var row = new
            {
                id,
                topic.Kind,
                topic.RefId,
                topic.Since,
                topic.Carried,
            };
            await ExecuteAsync(connection, InsertTopic, row, ct);
        }
        await DueReaders.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>No mail until a day in the reader's zone, or until they resume. What was written and not sent yet is told afterwards.</summary>
    public static async Task PauseAsync(NpgsqlConnection connection, long id, LocalDate? until, Instant now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reader = await LockedAsync(connection, id, ct);
        var ends = until is { } day ? reader.Schedule.Zone.AtStartOfDay(day).ToInstant() : (Instant?)null;
        await TakeBackAsync(connection, id, ct);
        await ExecuteAsync(
            connection,
            Pause,
            new
            {
                id,
                until = ends,
                nextDueAt = reader.Schedule.NextAfter(now) ?? ends,
            },
            ct
        );
        await transaction.CommitAsync(ct);
    }

    /// <summary>Mail again, at the next due time; an alert reader is due now for what waits.</summary>
    public static async Task ResumeAsync(NpgsqlConnection connection, long id, Instant now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reader = await LockedAsync(connection, id, ct);
        await ExecuteAsync(connection, Resume, new { id, nextDueAt = reader.Schedule.NextAfter(now) ?? now }, ct);
        await DueReaders.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>What was written and not sent yet is not sent, and will be told later. In the caller's transaction.</summary>
    public static Task TakeBackAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        ExecuteAsync(connection, TakeBack, new { id }, ct);

    /// <summary>Mail may go again to whom none could be sent: at their next due time, or now for alerts. In the caller's transaction.</summary>
    public static async Task DueAgainAsync(NpgsqlConnection connection, long id, Instant now, CancellationToken ct)
    {
        var reader = await LockedAsync(connection, id, ct);
        await ExecuteAsync(connection, DueAgain, new { id, nextDueAt = reader.Schedule.NextAfter(now) ?? now }, ct);
        await DueReaders.RingAsync(connection, ct);
    }

    private static async Task<Subscriber> LockedAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        await ExecuteAsync(connection, Lock, new { id }, ct);
        return await SubscriberStore.FindAsync(connection, id, ct)
            ?? throw new InvalidOperationException(FormattableString.Invariant($"there is no subscriber {id}"));
    }

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, object arguments, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(sql, arguments, cancellationToken: ct));
}
