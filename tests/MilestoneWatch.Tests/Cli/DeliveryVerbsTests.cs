using Dapper;
using MimeKit;
using Npgsql;

namespace MilestoneWatch.Tests.Cli;

public sealed class DeliveryVerbsTests(PostgresCluster cluster)
{
    [Fact]
    public async Task The_list_counts_each_state_and_tells_what_happens_next()
    {
        using var house = await WrittenAsync();
        await house.DoneAsync("delivery", "hold", await IdAsync(house, "daily"));

        var json = await house.JsonAsync("delivery", "list");
        var text = await house.DoneAsync("delivery", "list");

        Assert.Equal((3, 0, 1), ((int)json["counts"]!["ready"]!, (int)json["counts"]!["sent"]!, (int)json["held"]!));
        Assert.Equal(3, json["deliveries"]!.AsArray().Count);
        Assert.Equal(3, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("held until `mw delivery retry`", text, StringComparison.Ordinal);
        Assert.Contains("at the next pass", text, StringComparison.Ordinal);
        var ids = json["deliveries"]!.AsArray().Select(one => (long)one!["id"]!).ToList();
        Assert.Equal(ids.OrderDescending(), ids);
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_say_how_many_more_there_are()
    {
        using var house = await WrittenAsync();

        Assert.Equal(1, await CountAsync(house, "--to", "Weekly@example.org"));
        Assert.Equal(0, await CountAsync(house, "--to", "nobody@example.org"));
        Assert.Equal(0, await CountAsync(house, "--state", "sent", "--state", "dead"));
        Assert.Equal(3, await CountAsync(house, "--state", "sent", "--state", "ready"));
        Assert.Equal(3, await CountAsync(house, "--purpose", "welcome"));
        Assert.Equal(0, await CountAsync(house, "--purpose", "nudge"));
        Assert.Equal(3, await CountAsync(house, "--since", "2026-06-03", "--until", "2026-06-03"));
        Assert.Equal(0, await CountAsync(house, "--since", "2026-06-04"));
        Assert.Equal(0, await CountAsync(house, "--reply", "greylisted"));
        var limited = await house.RunAsync("delivery", "list", "--limit", "1");
        Assert.StartsWith("2 more", limited.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_tells_the_whole_story_and_its_bytes_are_those_that_are_sent()
    {
        using var house = await WrittenAsync();
        var id = await IdAsync(house, "weekly");
        var before = await house.DoneAsync("delivery", "show", id);
        var eml = await house.DoneAsync("delivery", "show", id, "--eml");

        await house.DoneAsync("deliver");

        var after = await house.JsonAsync("delivery", "show", id);
        var text = await house.DoneAsync("delivery", "show", id);
        Assert.Contains("not before its first try", before, StringComparison.Ordinal);
        Assert.Equal("sent", (string)after["state"]!);
        Assert.Equal("Accepted", (string)Assert.Single(after["attempts"]!.AsArray())!["outcome"]!);
        Assert.Contains("Try 1", text, StringComparison.Ordinal);
        Assert.Contains("the relay took it", text, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(house.MailFolder), name => name.Contains("weekly", StringComparison.Ordinal));
        var sent = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Assert.Equal(sent.TrimEnd('\n'), eml.TrimEnd('\n'));
        Assert.Equal(
            (string)after["message_id"]!,
            $"<{(await MimeMessage.LoadAsync(file, TestContext.Current.CancellationToken)).MessageId}>"
        );
        Assert.Equal(new FileInfo(file).Length, (long)after["size"]!);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_put_together_is_shown_all_the_same()
    {
        using var house = await WrittenAsync();
        var id = await IdAsync(house, "weekly");
        await ExecuteAsync(house, "update delivery_contents set headers = 'no headers', personal = array['x'::bytea]");

        Assert.Contains("none", await house.DoneAsync("delivery", "show", id), StringComparison.Ordinal);
        await house.RefusedAsync(1, ["cannot be put together"], "delivery", "show", id, "--eml");
    }

    [Fact]
    public async Task Orders_say_what_they_did()
    {
        using var house = await WrittenAsync();
        var id = await IdAsync(house, "weekly");

        Assert.Contains("waits until", await house.DoneAsync("delivery", "hold", id), StringComparison.Ordinal);
        Assert.Contains(
            "does not tell its news again",
            await house.DoneAsync("delivery", "cancel", id, "--reason", "a slip"),
            StringComparison.Ordinal
        );
        Assert.Contains("cancelled by hand: a slip", await house.DoneAsync("delivery", "show", id), StringComparison.Ordinal);
        Assert.Contains("goes out again", await house.DoneAsync("delivery", "retry", id), StringComparison.Ordinal);
        await ExecuteAsync(house, "update deliveries set state = 'unknown'");
        Assert.Contains("may arrive twice", await house.DoneAsync("delivery", "retry", id), StringComparison.Ordinal);
        await ExecuteAsync(house, "update deliveries set state = 'dead', settled_at = clock_timestamp()");
        Assert.Contains("3 go out again", await house.DoneAsync("delivery", "retry", "--state", "dead"), StringComparison.Ordinal);
        await house.DoneAsync("deliver");
        Assert.Equal(3, Directory.GetFiles(house.MailFolder).Length);
        await house.RefusedAsync(1, ["sent already", "nothing was retried"], "delivery", "retry", id);
        await house.RefusedAsync(1, ["sent already", "no delivery 999"], "delivery", "cancel", id, "999");
        await house.RefusedAsync(1, ["what is sent cannot"], "delivery", "retry", "--state", "sent");
    }

    [Theory]
    [InlineData(1, "no delivery 7", "show", "7")]
    [InlineData(2, "abc", "show", "abc")]
    [InlineData(2, "IDs, or --state", "retry")]
    [InlineData(2, "not both", "retry", "7", "--state", "dead")]
    [InlineData(2, "not both", "retry", "7", "--reply", "x")]
    [InlineData(2, "asleep", "list", "--state", "asleep")]
    [InlineData(2, "--limit", "list", "--limit", "0")]
    [InlineData(1, "--since", "list", "--since", "someday")]
    public async Task What_cannot_be_is_refused(int exit, string word, params string[] arguments)
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);

        await house.RefusedAsync(exit, [word], ["delivery", .. arguments]);
    }

    private async Task<CliHouse> WrittenAsync()
    {
        var house = await CliHouse.OpenAsync(cluster);
        foreach (var cadence in new[] { "daily", "weekly", "monthly" })
        {
            await house.DoneAsync("subscriber", "add", $"{cadence}@example.org", "--cadence", cadence, "--confirmed");
        }
        await house.DoneAsync("digest");
        return house;
    }

    private static async Task<string> IdAsync(CliHouse house, string reader) =>
        await house.ScalarAsync<string>($"select id::text from deliveries where address = '{reader}@example.org'") ?? "";

    private static async Task<int> CountAsync(CliHouse house, params string[] filters) =>
        (await house.JsonAsync(["delivery", "list", .. filters]))["deliveries"]!.AsArray().Count;

    private static async Task ExecuteAsync(CliHouse house, string sql)
    {
        await using var connection = new NpgsqlConnection(house.Owner);
        await connection.ExecuteAsync(sql);
    }
}
