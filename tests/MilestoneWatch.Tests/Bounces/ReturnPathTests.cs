using CsCheck;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Bounces;

public sealed class ReturnPathTests(PostgresCluster cluster)
{
    private static readonly MailOptions Mail = new() { From = "Watch <watch@example.org>" };

    [Fact]
    public async Task A_return_path_names_its_delivery_in_any_case()
    {
        await using var house = await House.OpenAsync(cluster);
        var links = await Reports.LinksAsync(house);

        Gen.Select(Gen.Long[1, (1L << 48) - 1], Gen.Bool)
            .Sample(
                (id, shout) =>
                {
                    var path = ReturnPath.For(Mail, links.ReturnPathTokenFor(id));
                    Assert.True(Mailbox.TryRead(path, out _));
                    var token = Assert.Single(ReturnPath.TokensIn(Mail, $"To: <{(shout ? path.ToUpperInvariant() : path)}>"));
                    Assert.True(links.TryReadReturnPath(token, out var read));
                    Assert.Equal(id, read);
                }
            );
    }

    [Fact]
    public async Task Ten_thousand_forged_tokens_identify_nobody()
    {
        await using var house = await House.OpenAsync(cluster);
        var links = await Reports.LinksAsync(house);
        const string Letters = "abcdefghijklmnopqrstuvwxyz234567";

        Gen.Select(Gen.Long[1, 100_000], Gen.Int[0, 28], Gen.Int[1, 31], Gen.Int[0, 31].Select(i => Letters[i]).Array[29], Gen.Bool)
            .Sample(
                (id, at, shift, random, mangle) =>
                {
                    var good = links.ReturnPathTokenFor(id);
                    var letter = Letters[(Letters.IndexOf(good[at], StringComparison.Ordinal) + shift) % 32];
                    var forged = mangle ? good[..at] + letter + good[(at + 1)..] : new string(random);
                    Assert.False(links.TryReadReturnPath(forged, out _), forged);
                },
                iter: 10_000
            );
    }

    [Fact]
    public async Task Another_houses_return_path_and_our_own_links_are_none()
    {
        await using var house = await House.OpenAsync(cluster);
        await using var foreign = await House.OpenAsync(cluster);
        var links = await Reports.LinksAsync(house);

        Assert.False(links.TryReadReturnPath((await Reports.LinksAsync(foreign)).ReturnPathTokenFor(7), out _));
        Assert.False(links.TryRead(links.ReturnPathTokenFor(7), out _, out _));
    }

    [Fact]
    public void A_return_path_fits_into_an_address_or_stays_as_it_is()
    {
        var token = new string('a', 29);

        Assert.Equal($"watch+{token}@example.org", ReturnPath.For(Mail, token));
        var exact = new MailOptions { ReturnPath = $"{new string('b', 34)}@example.org" };
        Assert.Equal(64, ReturnPath.For(exact, token).IndexOf('@', StringComparison.Ordinal));
        var far = new MailOptions { ReturnPath = $"{new string('b', 35)}@example.org" };
        Assert.Equal(far.ReturnPath, ReturnPath.For(far, token));
        Assert.Equal("watch@example.org", ReturnPath.For(new MailOptions { From = "watch@example.org", Verp = false }, token));
    }
}
