using System.Security.Cryptography;
using System.Text;
using Dapper;
using MilestoneWatch.Domain.Ledger;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>Who said it and who recorded it: each named once, then known by id.</summary>
internal static class SourceStore
{
    private const string FindSource = """
        select id from sources
        where publisher = @publisher and coalesce(url, '') = coalesce(@url, '') and coalesce(title, '') = coalesce(@title, '')
        """;

    private const string AddSource = """
        insert into sources (publisher, title, url, published_on) values (@publisher, @title, @url, @published_on)
        on conflict (publisher, coalesce(url, ''), coalesce(title, '')) do update set publisher = excluded.publisher
        returning id
        """;

    private const string KeepText = """
        insert into source_texts (source_id, sha256, retrieved_at, content) values (@id, @sha256, @at, @content)
        on conflict (source_id, sha256) do nothing
        """;

    private const string FindUser = "select id from users where name = @name";

    private const string AddUser = """
        insert into users (name, created_at) values (@name, @now)
        on conflict (name) do update set name = excluded.name returning id
        """;

    private const string SlugAt = "select m.slug from entries e join milestones m on m.id = e.milestone_id where e.position = @position";

    /// <param name="unit">Held with the entry that cites it, once there is something to write.</param>
    /// <param name="source">As named; its text is kept with the instant at which it was read.</param>
    /// <param name="now">When it was read, if nobody says otherwise.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<Citation> EnsureAsync(Unit unit, SourceNamed source, Instant now, CancellationToken ct)
    {
        var named = new
        {
            publisher = source.Publisher,
            title = source.Title,
            url = source.Url,
            published_on = source.PublishedOn,
        };
        if (await unit.Connection.ExecuteScalarAsync<long?>(new CommandDefinition(FindSource, named, cancellationToken: ct)) is not { } id)
        {
            await unit.HoldAsync(ct);
            id = await unit.Connection.ExecuteScalarAsync<long>(new CommandDefinition(AddSource, named, cancellationToken: ct));
        }
        var citation = new Citation(id, source.Publisher, source.Title, source.Url, source.PublishedOn)
        {
            RetrievedAt = source.RetrievedAt,
        };
        if (source.Content is not { } content)
        {
            return citation;
        }
        var at = source.RetrievedAt ?? now;
        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(content));
        var text = new
        {
            id,
            sha256,
            at,
            content,
        };
        await unit.HoldAsync(ct);
        await unit.Connection.ExecuteAsync(new CommandDefinition(KeepText, text, cancellationToken: ct));
        return citation with { RetrievedAt = at, Sha256 = Convert.ToHexStringLower(sha256) };
    }

    /// <summary>The opaque id that the ledger knows an analyst by.</summary>
    public static async Task<Guid> EnsureUserAsync(Unit unit, string name, Instant now, CancellationToken ct)
    {
        if (await unit.Connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(FindUser, new { name }, cancellationToken: ct)) is { } id)
        {
            return id;
        }
        await unit.HoldAsync(ct);
        return await unit.Connection.ExecuteScalarAsync<Guid>(new CommandDefinition(AddUser, new { name, now }, cancellationToken: ct));
    }

    public static Task<string?> SlugAtAsync(NpgsqlConnection connection, long position, CancellationToken ct) =>
        connection.ExecuteScalarAsync<string>(new CommandDefinition(SlugAt, new { position }, cancellationToken: ct));
}
