using Microsoft.Extensions.Configuration;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class MailConfigurationTests
{
    [Fact]
    public void The_section_binds_and_a_bare_host_is_enough()
    {
        var options = Bind(("Host", "relay.example.org"), ("Connections", "8"), ("RatePerSecond", "2.5"));

        Assert.Equal((587, "starttls", 8, 2.5), (options.Port, options.Security, options.Connections, options.RatePerSecond));
        Assert.Empty(options.Problems());
    }

    [Theory]
    [InlineData("MW_Smtp__Host", "Host", "")]
    [InlineData("MW_Smtp__Host", "Host", "two words")]
    [InlineData("MW_Smtp__Port", "Port", "0")]
    [InlineData("MW_Smtp__Security", "Security", "ssl")]
    [InlineData("MW_Smtp__Connections", "Connections", "0")]
    [InlineData("MW_Smtp__RatePerSecond", "RatePerSecond", "0")]
    [InlineData("MW_Smtp__Password", "User", "mw")]
    [InlineData("MW_Smtp__User", "Password", "p")]
    public void A_problem_names_its_key(string named, string key, string value)
    {
        var problem = Assert.Single(Bind(("Host", "relay.example.org"), (key, value)).Problems());

        Assert.StartsWith(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_never_sent_in_clear_beyond_this_machine()
    {
        (string, string)[] login = [("User", "mw"), ("Password", "p"), ("Security", "none")];

        Assert.Contains(
            "MW_Smtp__Security",
            Assert.Single(Bind([("Host", "relay.example.org"), .. login]).Problems()),
            StringComparison.Ordinal
        );
        Assert.Empty(Bind([("Host", "127.0.0.1"), .. login]).Problems());
    }

    [Fact]
    public void A_missing_password_file_and_two_passwords_are_told()
    {
        var problems = Bind(("Host", "r.example"), ("User", "mw"), ("Password", "p"), ("PasswordFile", "/nowhere")).Problems();

        Assert.Equal(2, problems.Count);
        Assert.All(problems, p => Assert.Contains("MW_Smtp__PasswordFile", p, StringComparison.Ordinal));
    }

    [Fact]
    public void The_sender_splits_into_name_address_and_domain()
    {
        var options = new MailOptions { From = "Zoé's watch <watch@münchen.example>" };

        Assert.Equal(
            ("Zoé's watch", "watch@xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
            (options.FromName, options.FromAddress, options.Domain)
        );
        Assert.Empty(options.Problems());
        Assert.Equal(("MilestoneWatch", "localhost"), (new MailOptions().FromName, new MailOptions().Domain));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("zoé@example.org")]
    [InlineData("a <a@b.example>, c <c@d.example>")]
    [InlineData("a\r\nBcc: c@d.example <a@b.example>")]
    public void A_sender_that_cannot_send_is_told(string from) =>
        Assert.Contains("MW_Mail__From", Assert.Single(new MailOptions { From = from }.Problems()), StringComparison.Ordinal);

    private static SmtpOptions Bind(params (string Key, string Value)[] settings)
    {
        var options = new SmtpOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings
                    .GroupBy(s => s.Key, s => s.Value, StringComparer.Ordinal)
                    .Select(s => KeyValuePair.Create($"Smtp:{s.Key}", (string?)s.Last()))
            )
            .Build()
            .GetSection("Smtp")
            .Bind(options);
        return options;
    }
}
