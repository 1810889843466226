using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>Computes a delta and renders it, once for all readers who would read the same.</summary>
internal sealed class DigestComposer(SiteOptions site, MailRenderer renderer)
{
    private const string SubjectIds = "select id, subject_id from milestones where position > 0";

    private const string Told = """
        select d.subscriber_id, e.retracts, max(d.decided_at)
        from entries e
        join decisions d on d.from_position < e.retracts and d.to_position >= e.retracts and d.outcome = 'sent'
        where e.retracts is not null and e.kind = 'retracted' and e.position > @from and e.position <= @head
            and d.subscriber_id = any(@ids)
        group by d.subscriber_id, e.retracts order by e.retracts
        """;

    private const string NewestFact = """
        select max(recorded_at) from entries
        where position <= @head and milestone_id = any(@ids) and actor is not null and kind not in ('looked', 'retracted', 'redacted')
        """;

    /// <summary>Readers with the same key read the same mail, but for their links.</summary>
    /// <param name="subscriber">The reader.</param>
    /// <param name="now">The pass's instant.</param>
    /// <param name="told">When each reader was told what has since been retracted.</param>
    public static string KeyOf(Subscriber subscriber, Instant now, ILookup<long, (long Position, Instant At)> told) =>
        string.Join(
            '|',
            subscriber.Position,
            subscriber.Language,
            subscriber.Schedule.Zone.Id,
            subscriber.Schedule.Cadence == Cadence.Immediate,
            PreviousMail(subscriber)?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
            now.InZone(subscriber.Schedule.Zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
            string.Join(
                ',',
                subscriber.Topics.Select(topic => $"{topic.Kind}:{topic.RefId}:{(topic.Since > subscriber.Position ? topic.Since : 0)}")
            ),
            string.Join(',', Days(told[subscriber.Id], subscriber).OrderBy(day => day.Key))
        );

    /// <summary>By reader: what they were told and is retracted since, and when they were told.</summary>
    public static async Task<ILookup<long, (long Position, Instant At)>> ToldAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        long head,
        CancellationToken ct
    )
    {
        var arguments = new
        {
            from = readers.Select(reader => reader.Position).DefaultIfEmpty(head).Min(),
            head,
            ids = readers.Select(reader => reader.Id).ToArray(),
        };
        var rows = await connection.QueryAsync<(long Reader, long Position, Instant At)>(
            new CommandDefinition(Told, arguments, cancellationToken: ct)
        );
        return rows.ToLookup(row => row.Reader, row => (row.Position, row.At));
    }

    private static Dictionary<long, LocalDate> Days(IEnumerable<(long Position, Instant At)> told, Subscriber subscriber) =>
        told.ToDictionary(row => row.Position, row => row.At.InZone(subscriber.Schedule.Zone).Date);

    /// <summary>The words for a reader between their position and the head; null when nothing changed.</summary>
    public static async Task<DigestView?> ViewAsync(
        NpgsqlConnection connection,
        Subscriber subscriber,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        var subjects = (
            await connection.QueryAsync<(long Id, long SubjectId)>(new CommandDefinition(SubjectIds, cancellationToken: ct))
        ).ToDictionary(row => row.Id, row => row.SubjectId);
        var all = await LedgerReader.MilestonesAsync(connection, head, ct);
        var followed = all.Where(milestone => subscriber.FollowsFrom(milestone.Id, subjects[milestone.Id]) is not null).ToList();
        var changed = followed
            .Where(milestone => milestone.State.Position > subscriber.FollowsFrom(milestone.Id, subjects[milestone.Id]))
            .ToList();
        if (changed.Count == 0)
        {
            return null;
        }
        long[] withHistory =
        [
            .. followed.Where(m => changed.Contains(m) || m.NeedsAttention(now) || m.State.Progress is not null).Select(m => m.Id),
        ];
        var histories = await LedgerReader.HistoryAsync(connection, withHistory, head, ct);
        var deltas = followed.ConvertAll(milestone =>
            Delta.Of(milestone, [.. histories[milestone.Id]], subscriber.FollowsFrom(milestone.Id, subjects[milestone.Id])!.Value)
        );
        var news = deltas.Where(delta => changed.Contains(delta.Milestone) && !delta.IsEmpty).ToList();
        if (news.Count == 0)
        {
            return null;
        }
        var told = await ToldAsync(connection, [subscriber], head, ct);
        var toldOn = Days(told[subscriber.Id], subscriber);
        long[] ids = [.. followed.Select(milestone => milestone.Id)];
        var newest = await connection.ExecuteScalarAsync<Instant?>(
            new CommandDefinition(NewestFact, new { head, ids }, cancellationToken: ct)
        );
        return DigestWriter.Write(
            new DigestInput
            {
                Immediate = subscriber.Schedule.Cadence == Cadence.Immediate,
                Now = now,
                Zone = subscriber.Schedule.Zone,
                PreviousMail = PreviousMail(subscriber),
                Changed = news,
                Followed = deltas,
                BearsOn = all.Where(question => question.Kind == MilestoneKind.Question)
                    .SelectMany(question => question.Definition.About.Select(about => (about, question)))
                    .ToLookup(pair => pair.about, pair => pair.question, StringComparer.Ordinal),
                Names = await LedgerReader.NamesAsync(connection, news.SelectMany(delta => delta.History), ct),
                ToldOn = position => toldOn.TryGetValue(position, out var day) ? day : null,
                NewestFact = newest,
            }
        );
    }

    /// <summary>The words laid out as text and HTML; links and why the reader gets it are left to <paramref name="follows"/> and <paramref name="settings"/>.</summary>
    public async Task<(string Text, string Html)> LayOutAsync(DigestView view, Instant asOf, string follows, string settings)
    {
        var stamp = NodaTime.Text.InstantPattern.ExtendedIso.Format(asOf);
        string LinkTo(string slug) => site.LinkTo($"/m/{slug}?asOf={stamp}");
        var html = await renderer.RenderAsync<DigestMail>(
            new(StringComparer.Ordinal)
            {
                [nameof(DigestMail.View)] = view,
                [nameof(DigestMail.LinkTo)] = (Func<string, string>)LinkTo,
                [nameof(DigestMail.Follows)] = follows,
                [nameof(DigestMail.Settings)] = settings,
            }
        );
        return (DigestText.Render(view, LinkTo, follows, settings), html);
    }

    /// <summary>What differs between the readers of one audience.</summary>
    public Dictionary<string, string> Personal(Subscriber subscriber, Links links) =>
        new(StringComparer.Ordinal) { ["follows"] = ScheduleWords.Of(subscriber), ["settings"] = SettingsLink(subscriber, links) };

    public string SettingsLink(Subscriber subscriber, Links links) => site.LinkTo($"/settings/{links.TokenFor(subscriber)}");

    /// <summary>The headers of a reader's digest; the Message-ID is new at each call, so they are written once and kept.</summary>
    public byte[] Headers(MailOptions mail, Subscriber reader, Links links, string subject, string boundary, Instant now) =>
        HeaderBlock.Build(
            new MailHeaders(
                mail.FromName,
                mail.FromAddress,
                ToName: null,
                reader.Email,
                subject,
                now,
                $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{mail.Domain}",
                boundary,
                $"digests.{mail.Domain}",
                new Uri(site.LinkTo($"/leave/{links.TokenFor(reader)}"))
            )
        );

    private static LocalDate? PreviousMail(Subscriber subscriber) => subscriber.LastDigestAt?.InZone(subscriber.Schedule.Zone).Date;
}
