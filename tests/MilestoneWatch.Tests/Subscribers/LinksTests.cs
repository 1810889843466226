using CsCheck;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Subscribers;

public sealed class LinksTests(PostgresCluster cluster)
{
    private static readonly Gen<(long Id, int Generation)> Readers = Gen.Select(Gen.Long[1, long.MaxValue], Gen.Int[1, int.MaxValue]);

    [Fact]
    public async Task A_link_names_its_reader_and_is_composed_again_byte_for_byte()
    {
        await using var house = await House.OpenAsync(cluster);
        var (links, again) = (await LinksAsync(house), await LinksAsync(house));

        Readers.Sample(reader =>
        {
            var token = links.TokenFor(Reader(reader));
            Assert.Equal(token, again.TokenFor(Reader(reader)));
            Assert.True(again.TryRead(token, out var id, out var generation));
            Assert.Equal(reader, (id, generation));
        });
    }

    [Fact]
    public async Task A_mangled_link_is_nobodys()
    {
        await using var house = await House.OpenAsync(cluster);
        var links = await LinksAsync(house);

        Gen.Select(Readers, Gen.Int[0, 43], Gen.Char[' ', '~'], Gen.Int[0, 2])
            .Sample(
                (reader, at, c, edit) =>
                {
                    var token = links.TokenFor(Reader(reader));
                    var mangled = edit switch
                    {
                        0 => token[..at] + c + token[at..],
                        1 => token[..Math.Min(at, 42)] + c + token[(Math.Min(at, 42) + 1)..],
                        _ => token[..Math.Min(at, 42)],
                    };
                    Assert.Equal(mangled == token, links.TryRead(mangled, out _, out _));
                },
                iter: 20_000
            );
    }

    [Fact]
    public async Task Another_houses_link_is_nobodys_here()
    {
        await using var house = await House.OpenAsync(cluster);
        await using var foreign = await House.OpenAsync(cluster);
        var (links, others) = (await LinksAsync(house), await LinksAsync(foreign));

        Readers.Sample(reader => Assert.False(links.TryRead(others.TokenFor(Reader(reader)), out _, out _)));
    }

    [Fact]
    public async Task Whatever_is_typed_is_nobodys()
    {
        await using var house = await House.OpenAsync(cluster);
        var links = await LinksAsync(house);

        Gen.String.Sample(typed => Assert.False(links.TryRead(typed, out _, out _)));
    }

    [Fact]
    public async Task Links_of_before_a_new_key_stay_valid()
    {
        await using var house = await House.OpenAsync(cluster);
        var reader = Reader((7, 1));
        var old = (await LinksAsync(house)).TokenFor(reader);
        await house.ExecuteAsync("insert into signing_keys (secret, created_at) values (sha256('another'), now())");

        var rotated = await LinksAsync(house);

        Assert.NotEqual(old, rotated.TokenFor(reader));
        Assert.True(rotated.TryRead(old, out var id, out _));
        Assert.Equal(7, id);
    }

    [Fact]
    public async Task Ten_processes_that_start_at_once_agree_on_the_first_key()
    {
        await using var house = await House.OpenAsync(cluster);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await LinksAsync(house)).TokenFor(Reader((1, 1)))));

        Assert.Single(tokens.Distinct());
    }

    private static async Task<Links> LinksAsync(House house)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        return await Links.LoadAsync(connection, house.Clock.GetCurrentInstant(), CancellationToken.None);
    }

    private static Subscriber Reader((long Id, int Generation) reader) =>
        new()
        {
            Id = reader.Id,
            LinkGeneration = reader.Generation,
            Email = "reader@example.org",
            State = "active",
            Schedule = new Schedule(Cadence.Daily, LocalTime.Noon, 0, DateTimeZone.Utc),
            Language = "en",
            Position = 0,
            DigestNumber = 0,
            CreatedAt = Instant.MinValue,
            Topics = [],
        };
}
