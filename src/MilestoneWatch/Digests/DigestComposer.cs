using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>Computes a delta and renders it, once for all readers who would read the same.</summary>
internal sealed class DigestComposer(SiteOptions site, MailRenderer renderer)
{
    // a mail that was dropped after years was sent
    private const string Told = """
        select d.subscriber_id as reader, e.retracts as position, d.decided_at, d.from_position as "from", d.to_position as "to",
            d.outcome = 'sent' and coalesce(v.state, 'sent') not in ('dead', 'expired', 'cancelled') as sent,
            coalesce(v.purpose = 'welcome', false) as welcome
        from entries e
        join decisions d on d.from_position < e.retracts and d.to_position >= e.retracts and d.outcome <> 'paused'
        left join deliveries v on v.recipient = any(@recipients) and v.recipient = 'subscriber:' || d.subscriber_id
            and v.due_slot = d.due_slot and v.purpose in ('digest', 'welcome')
        where e.retracts is not null and e.kind = 'retracted' and e.position > @from and e.position <= @head
            and d.subscriber_id = any(@ids)
        order by e.retracts, d.due_slot
        """;

    private const string AnyRetracted = """
        select exists (select from entries where retracts is not null and kind = 'retracted' and position > @from and position <= @head)
        """;

    /// <summary>Readers with the same key read the same mail, but for their links.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="now">The pass's instant.</param>
    /// <param name="told">When each reader was told what has since been retracted.</param>
    public static string KeyOf(Subscriber reader, Instant now, ILookup<long, Covered> told) =>
        string.Join(
            '|',
            reader.Position,
            reader.Language,
            reader.Schedule.Zone.Id,
            reader.WelcomeDue ? "welcome"
                : reader.Schedule.Cadence == Cadence.Immediate ? "alert"
                : "digest",
            IsSilentForLong(reader, now),
            PreviousMail(reader)?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
            now.InZone(reader.Schedule.Zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
            string.Join(
                ',',
                reader.Topics.Select(topic => $"{topic.Kind}:{topic.RefId}:{(topic.Since > reader.Position ? topic.Since : 0)}")
            ),
            string.Join(',', told[reader.Id].Select(row => $"{row.Position}:{row.From}-{row.To}:{row.Sent}:{Day(row, reader)}"))
        );

    /// <summary>By reader: what they were told and is retracted since, and when they were told.</summary>
    public static async Task<ILookup<long, Covered>> ToldAsync(
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
            recipients = readers.Select(reader => FormattableString.Invariant($"subscriber:{reader.Id}")).ToArray(),
        };
        // seldom, and the reader's decisions of two years are looked through
        var rows = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(AnyRetracted, arguments, cancellationToken: ct))
            ? await connection.QueryAsync<Covered>(new CommandDefinition(Told, arguments, cancellationToken: ct))
            : [];
        return rows.ToLookup(row => row.Reader);
    }

    private static Dictionary<long, LocalDate> Days(IEnumerable<Covered> told, Subscriber subscriber) =>
        told.Where(row => row.Sent).GroupBy(row => row.Position).ToDictionary(rows => rows.Key, rows => Day(rows.Last(), subscriber));

    private static LocalDate Day(Covered row, Subscriber subscriber) => row.DecidedAt.InZone(subscriber.Schedule.Zone).Date;

    /// <summary>The milestones whose histories a reader's mail is written from.</summary>
    public static IEnumerable<long> Needed(Standings standings, Subscriber reader, Instant now)
    {
        var following = standings.Of(reader.Topics);
        return following
            .All.Where(milestone => reader.WelcomeDue || milestone.NeedsAttention(now) || milestone.State.Progress is not null)
            .Select(milestone => milestone.Id)
            .Concat(following.ChangedFor(reader).Select(changed => changed.Milestone.Id));
    }

    /// <summary>The words for a reader between their position and the standings'; null when there is nothing to tell.</summary>
    /// <param name="standings">With the histories that <see cref="Needed"/> names.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="now">The pass's instant.</param>
    /// <param name="told">When they were told what has since been retracted.</param>
    public static DigestView? View(Standings standings, Subscriber reader, Instant now, ILookup<long, Covered> told)
    {
        var following = standings.Of(reader.Topics);
        var news = reader.WelcomeDue
            ? []
            : following
                .ChangedFor(reader)
                .Select(changed => Of(changed.Milestone, standings.History(changed.Milestone.Id), changed.From, told[reader.Id]))
                .Where(delta => !delta.IsEmpty)
                .ToList();
        var toldOn = Days(told[reader.Id], reader);
        var input = new DigestInput
        {
            Language = Language.Of(reader.Language),
            Immediate = reader.Schedule.Cadence == Cadence.Immediate,
            Now = now,
            Zone = reader.Schedule.Zone,
            PreviousMail = PreviousMail(reader),
            Changed = news,
            Followed = [.. following.All.Select(standings.Unchanged)],
            BearsOn = standings.BearsOn,
            Names = standings.Names,
            ToldOn = position => toldOn.TryGetValue(position, out var day) ? day : null,
            NewestFact = following.NewestFact,
        };
        return following.All.Count == 0 ? null
            : reader.WelcomeDue ? DigestWriter.Welcome(input)
            : news.Count > 0 ? DigestWriter.Write(input)
            : IsSilentForLong(reader, now) ? DigestWriter.NothingChanged(input)
            : null;
    }

    // What was known before they joined is not asked about; what a digest covered was told unless it was undone or superseded before.
    private static MilestoneDelta Of(Milestone milestone, IReadOnlyList<Entry> history, long from, IEnumerable<Covered> told) =>
        Delta.Of(
            milestone,
            history,
            from,
            position =>
                told.Where(row => row.Position == position).ToList() is not { Count: > 0 } covered
                || covered.Exists(row => row.Sent && (row.Welcome || Delta.Told(milestone, history, row.From, row.To, position)))
        );

    /// <summary>The words laid out as text and HTML; links and why the reader gets it are left to <paramref name="follows"/> and <paramref name="settings"/>.</summary>
    public async Task<(string Text, string Html)> LayOutAsync(DigestView view, Instant asOf, string follows, string settings)
    {
        var stamp = NodaTime.Text.InstantPattern.ExtendedIso.Format(asOf);
        var board = site.LinkTo($"/?asOf={stamp}");
        string LinkTo(string slug) => site.LinkTo($"/m/{slug}?asOf={stamp}");
        Task<string> HtmlAsync(DigestCut cut) =>
            renderer.RenderAsync<DigestMail>(
                new(StringComparer.Ordinal)
                {
                    [nameof(DigestMail.Cut)] = cut,
                    [nameof(DigestMail.LinkTo)] = (Func<string, string>)LinkTo,
                    [nameof(DigestMail.Board)] = board,
                    [nameof(DigestMail.Follows)] = follows,
                    [nameof(DigestMail.Settings)] = settings,
                }
            );
        var (cut, html) = await DigestFit.Async(view, HtmlAsync);
        return (DigestText.Render(cut, LinkTo, board, follows, settings), html);
    }

    /// <summary>What differs between the readers of one audience.</summary>
    public Dictionary<string, string> Personal(Subscriber subscriber, Links links) =>
        new(StringComparer.Ordinal)
        {
            ["follows"] = ScheduleWords.Of(subscriber, Language.Of(subscriber.Language)),
            ["settings"] = SettingsLink(subscriber, links),
        };

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

    /// <summary>Whether so long without a mail is itself worth a mail.</summary>
    private static bool IsSilentForLong(Subscriber reader, Instant now) =>
        reader.NothingChanged
        && Period.DaysBetween(
            (reader.LastDigestAt ?? reader.ConfirmedAt ?? reader.CreatedAt).InZone(reader.Schedule.Zone).Date,
            now.InZone(reader.Schedule.Zone).Date
        ) >= Schedule.SilentDays;

    private static LocalDate? PreviousMail(Subscriber subscriber) => subscriber.LastDigestAt?.InZone(subscriber.Schedule.Zone).Date;
}
