using System.Collections.Concurrent;
using MilestoneWatch.Delivery;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Digests;

/// <summary>
/// Renders once for all readers who would read the same, over all batches of a busy pass: what was rendered at the same head is still what
/// its readers read.
/// </summary>
internal sealed partial class Audiences(DigestComposer composer, ILogger log)
{
    /// <summary>Renderings kept at most, so that memory stays flat where no two readers read the same.</summary>
    private const int Most = 500;

    private readonly Dictionary<string, WrittenAudience> _written = new(StringComparer.Ordinal);
    private Standings? _standings;

    /// <summary>Holds nothing any more: for an idle pass, and where what was written was not committed.</summary>
    public void Forget()
    {
        _standings = null;
        _written.Clear();
    }

    /// <summary>What each group of readers reads, stored where it is new. One that cannot be written is logged and marked; the others are not held up.</summary>
    public async Task<IReadOnlyList<(IReadOnlyList<Subscriber> Readers, WrittenAudience Audience)>> OfAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        if (_standings?.Position != head || _written.Count > Most)
        {
            _written.Clear();
        }
        var at = await StandingsAsync(connection, readers, head, ct);
        var told = await DigestComposer.ToldAsync(connection, readers, head, ct);
        var groups = readers.ToLookup(reader => DigestComposer.KeyOf(reader, now, told), StringComparer.Ordinal);
        var missing = groups
            .Where(group => !_written.ContainsKey(group.Key))
            .Select(group => (group.Key, Reader: group.First(), Standings: at[PositionOf(group.First(), head)]))
            .ToList();
        foreach (var group in missing.GroupBy(audience => audience.Standings))
        {
            var needed = group.SelectMany(audience => DigestComposer.Needed(group.Key, audience.Reader, now));
            await group.Key.ReadHistoriesAsync(connection, needed.ToHashSet(), ct);
        }
        var rendered = new ConcurrentDictionary<string, WrittenAudience>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            missing,
            ct,
            async (audience, _) =>
                rendered[audience.Key] = await WriteAsync(audience.Standings, audience.Reader, groups[audience.Key].Count(), told, now)
        );
        foreach (var (key, audience) in rendered)
        {
            _written[key] = await StoreAsync(connection, audience, groups[key].First(), head, now, ct);
        }
        var all = groups.Select(group => ((IReadOnlyList<Subscriber>)[.. group], _written[group.Key])).ToList();
        foreach (var (key, _) in rendered.Where(audience => audience.Value.Failed))
        {
            // tried anew when its readers are due again
            _written.Remove(key);
        }
        return all;
    }

    /// <summary>What a reader knows after their mail. A welcome tells how it stood when they joined: what came after is told as news.</summary>
    public static long PositionOf(Subscriber reader, long head) => reader.WelcomeDue ? reader.Position : head;

    public static string PurposeOf(Subscriber reader) => reader.WelcomeDue ? "welcome" : "digest";

    private async Task<Dictionary<long, Standings>> StandingsAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Subscriber> readers,
        long head,
        CancellationToken ct
    )
    {
        _standings ??= new Standings();
        var at = new Dictionary<long, Standings>();
        foreach (var position in readers.Select(reader => PositionOf(reader, head)).Distinct())
        {
            at[position] = position == head ? _standings : new Standings();
            await at[position].MoveToAsync(connection, position, ct);
        }
        return at;
    }

    private async Task<WrittenAudience> WriteAsync(
        Standings standings,
        Subscriber reader,
        int readers,
        ILookup<long, Covered> told,
        Instant now
    )
    {
        try
        {
            if (DigestComposer.View(standings, reader, now, told) is not { } view)
            {
                return new WrittenAudience(null, null);
            }
            var markers = PersonalMarkers.New();
            var (text, html) = await composer.LayOutAsync(
                view,
                standings.RecordedAt ?? now,
                markers.For("follows"),
                markers.For("settings")
            );
            return new WrittenAudience(view, SegmentEncoder.Encode(text, html, markers.All, SegmentEncoder.NewBoundary()));
        }
        catch (Exception e)
        {
            NotWritten(log, readers, reader.Id, e.GetBaseException().Message);
            return new WrittenAudience(null, null) { Failed = true };
        }
    }

    private static async Task<WrittenAudience> StoreAsync(
        NpgsqlConnection connection,
        WrittenAudience audience,
        Subscriber reader,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        if (audience is not { View: { } view, Body: { } body })
        {
            return audience;
        }
        var stored = new NewAudience
        {
            Purpose = PurposeOf(reader),
            From = reader.Position,
            To = PositionOf(reader, head),
            Language = view.Language.Code,
            Subject = view.Subject,
            Held = Held(view),
        };
        return audience with { Id = await DeliveryStore.AddAudienceAsync(connection, stored, body, now, ct) };
    }

    /// <summary>What was told, a line each milestone: "Date moved: Les Ulis".</summary>
    private static string[] Held(DigestView view) =>
        [
            .. view.Sections.SelectMany(section => section.Blocks.Select(block => $"{section.Heading}: {block.Title}")),
            .. view.Quiet.Select(quiet => quiet.Line),
        ];

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Digests: {Readers} readers are put off for 10 minutes, their mail cannot be written (subscriber {Subscriber} is one): {Reason}"
    )]
    private static partial void NotWritten(ILogger logger, int readers, long subscriber, string reason);
}
