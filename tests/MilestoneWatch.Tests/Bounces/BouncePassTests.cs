using System.Text;
using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Tests.Bounces;

public sealed class BouncePassTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_report_in_the_mailbox_suppresses_and_is_put_away()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await MailedAsync(dovecot.Settings());
        await dovecot.DeliverAsync(
            await Reports.OfLastAsync(house, "5.1.1", "550 user unknown"),
            "Subject: hello\n\nA person writes.\n"u8.ToArray()
        );

        await ReadAsync(house);

        Assert.Equal("ada@example.org", await house.ScalarAsync<string>("select address from suppressions"));
        Assert.Equal((1, 1), (await dovecot.CountAsync("INBOX"), await dovecot.CountAsync("Processed")));
        Assert.False(await house.Mw.Bounces.RunOnceAsync(CancellationToken.None));
        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from bounces"));
    }

    [Fact]
    public async Task Two_hundred_messages_are_read_once_each()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings());
        await dovecot.DeliverAsync([
            .. Enumerable
                .Range(0, 200)
                .Select(i => Reports.Report("watch@localhost", $"reader{i}@example.org", "5.1.1", "550 user unknown")),
        ]);

        await ReadAsync(house);

        Assert.Equal(200, await house.ScalarAsync<int>("select count(*) from bounces"));
        Assert.Equal((0, 200), (await dovecot.CountAsync("INBOX"), await dovecot.CountAsync("Processed")));
    }

    [Fact]
    public async Task The_same_message_twice_counts_once()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings());
        var report = Reports.Report("watch@localhost", "ada@example.org", "5.1.1", "550 user unknown");
        await dovecot.DeliverAsync(report, report);

        await ReadAsync(house);

        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from bounces"));
        Assert.Equal(2, await dovecot.CountAsync("Processed"));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(2_500)]
    [InlineData(6_000)]
    [InlineData(12_000)]
    public async Task A_line_cut_in_the_middle_loses_nothing(int bytes)
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var proxy = new CutProxy(dovecot.Port, bytes);
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Port", $"{proxy.Port}")));
        await dovecot.DeliverAsync([
            .. Enumerable
                .Range(0, 20)
                .Select(i => Reports.Report("watch@localhost", $"reader{i}@example.org", "5.1.1", "550 user unknown")),
        ]);

        await ReadAsync(house);
        Assert.Contains("what is there waits", house.Mw.Bounces.Trouble, StringComparison.Ordinal);
        house.Mw.Settings.Bounces.Port = dovecot.Port;
        await ReadAsync(house);

        Assert.Null(house.Mw.Bounces.Trouble);
        Assert.Equal(20, await house.ScalarAsync<int>("select count(*) from bounces"));
        Assert.Equal((0, 20), (await dovecot.CountAsync("INBOX"), await dovecot.CountAsync("Processed")));
    }

    [Fact]
    public async Task A_server_that_died_is_told_and_read_when_it_is_back()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings());
        await dovecot.DeliverAsync(Reports.Report("watch@localhost", "ada@example.org", "5.1.1", "550 user unknown"));
        await dovecot.StopAsync();

        await ReadAsync(house);
        Assert.Contains("does not answer", await TroubleAsync(house), StringComparison.Ordinal);

        await dovecot.StartAsync();
        await ReadAsync(house);
        Assert.Null(await TroubleAsync(house));
        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from bounces"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_with_what_to_do()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Password", "another")));

        await ReadAsync(house);

        Assert.Contains("refuses the login of bounces", await TroubleAsync(house), StringComparison.Ordinal);
        Assert.DoesNotContain("another", await TroubleAsync(house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_that_vanished_is_told_and_read_when_it_is_back()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Folder", "Bounces")));

        await ReadAsync(house);
        Assert.Contains("create it, or set MW_Bounces__Folder", await TroubleAsync(house), StringComparison.Ordinal);

        await dovecot.WithAsync(async client =>
            await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync("Bounces", true, TestContext.Current.CancellationToken)
        );
        await ReadAsync(house);
        Assert.Null(await TroubleAsync(house));
    }

    [Fact]
    public async Task A_folder_made_anew_under_its_name_is_read_like_any()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Folder", "Bounces")));
        for (var i = 0; i < 2; i++)
        {
            await dovecot.WithAsync(async client =>
            {
                var folder = await client
                    .GetFolder(client.PersonalNamespaces[0])
                    .CreateAsync("Bounces", true, TestContext.Current.CancellationToken);
                using var stream = new MemoryStream(Reports.Report("watch@localhost", "ada@example.org", "5.1.1", "550 user unknown"));
                await folder!.AppendAsync(
                    new MailKit.AppendRequest(await MimeKit.MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken)),
                    TestContext.Current.CancellationToken
                );
                return 0;
            });
            await ReadAsync(house);
            await dovecot.WithAsync(async client =>
            {
                await (await client.GetFolderAsync("Bounces", TestContext.Current.CancellationToken)).DeleteAsync(
                    TestContext.Current.CancellationToken
                );
                return 0;
            });
        }

        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from bounces"));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var dovecot = await Dovecot.StartAsync(withCertificate: true);
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Security", "starttls")));

        await ReadAsync(house);

        Assert.Contains("cannot be trusted", await TroubleAsync(house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_no_password()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings(("Bounces:Security", "starttls")));

        await ReadAsync(house);

        Assert.Contains("offers no STARTTLS", await TroubleAsync(house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_over_a_megabyte_is_read_by_its_first_part()
    {
        await using var dovecot = await Dovecot.StartAsync();
        await using var house = await House.OpenAsync(cluster, configure: dovecot.Settings());
        var report = Encoding.UTF8.GetString(Reports.Report("watch@localhost", "ada@example.org", "5.1.1", "550 user unknown"));
        await dovecot.DeliverAsync(
            Encoding.UTF8.GetBytes(
                report.Replace(
                    "--b--",
                    string.Concat(Enumerable.Repeat("X: a line of a large mail\n", 80_000)) + "--b--",
                    StringComparison.Ordinal
                )
            )
        );

        await ReadAsync(house);

        Assert.Equal("hard", await house.ScalarAsync<string>("select kind from bounces"));
    }

    [Theory]
    [InlineData("Bounces:Security", "maybe", "none, starttls or tls")]
    [InlineData("Bounces:Security", "none", "in clear")]
    [InlineData("Bounces:Port", "0", "MW_Bounces__Port")]
    [InlineData("Bounces:User", "", "MW_Bounces__User")]
    [InlineData("Bounces:SoftLimit", "0", "MW_Bounces__SoftLimit")]
    [InlineData("Bounces:Token", "short", "openssl rand")]
    [InlineData("Bounces:PasswordFile", "/nowhere/at-all", "both set")]
    public async Task What_is_configured_wrong_is_named(string key, string value, string named)
    {
        var keys = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Bounces:Host"] = "imap.example.org",
            ["Bounces:User"] = "bounces",
            ["Bounces:Password"] = "secret",
            [key] = value,
        };

        var refused = await Assert.ThrowsAsync<MilestoneWatch.Hosting.SettingsException>(() => House.OpenAsync(cluster, configure: keys));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static async Task ReadAsync(House house)
    {
        while (await house.Mw.Bounces.RunOnceAsync(CancellationToken.None)) { }
    }

    private static Task<string?> TroubleAsync(House house) =>
        house.ScalarAsync<string>("select trouble from passes where name = 'bounces'");

    private async Task<House> MailedAsync(Dictionary<string, string?> configure)
    {
        var house = await House.OpenAsync(cluster, "2026-06-01T08:00:00Z", configure);
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("ada@example.org", Cadence.Daily);
        await house.RescheduleAsync("site", "Q4 2027");
        await house.RunAtAsync("2026-06-02T09:00:00Z");
        return house;
    }
}
