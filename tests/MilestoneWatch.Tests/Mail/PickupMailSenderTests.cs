using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class PickupMailSenderTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("mw-pickup-").FullName;

    private string Folder => Path.Combine(home, "mail", "out");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_a_file_with_exactly_the_composed_bytes_and_nothing_beside_it()
    {
        await using var sender = new PickupMailSender(Folder);
        var mail = Composed.Mail();

        var result = await sender.SendAsync(mail, null, Ct);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var file = Assert.Single(Directory.GetFileSystemEntries(Folder));
        Assert.Equal("1-ada@example.net.eml", Path.GetFileName(file));
        Assert.Equal(Composed.Bytes(mail), await File.ReadAllBytesAsync(file, Ct));
    }

    [Fact]
    public async Task The_same_name_again_replaces_the_file()
    {
        await using var sender = new PickupMailSender(Folder);
        var second = Composed.Mail(text: "second");

        await sender.SendAsync(Composed.Mail(text: "first and longer"), null, Ct);
        await sender.SendAsync(second, null, Ct);

        Assert.Equal(Composed.Bytes(second), await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Folder)), Ct));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_the_relays_trouble_and_says_what_to_do()
    {
        var file = Path.Combine(home, "file");
        await File.WriteAllTextAsync(file, "", Ct);
        await using var sender = new PickupMailSender(Path.Combine(file, "mail"));

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("MW_Mail__Pickup", result.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_by_a_folder_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "1-ada@example.net.eml", "x"));
        await using var sender = new PickupMailSender(Folder);

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Single(Directory.GetFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("/abs")]
    [InlineData("a\0b")]
    [InlineData("é\\b:c")]
    [InlineData("-rf")]
    public async Task A_name_stays_in_the_folder_whatever_it_is(string name)
    {
        await using var sender = new PickupMailSender(Folder);

        await sender.SendAsync(Composed.Mail(name: name), null, Ct);

        var file = Assert.Single(Directory.GetFiles(home, "*", SearchOption.AllDirectories));
        Assert.Equal(Folder, Path.GetDirectoryName(file));
        Assert.Matches("^[A-Za-z0-9_@][A-Za-z0-9@._+-]*[.]eml$", Path.GetFileName(file));
    }

    [Fact]
    public void Two_names_never_become_one()
    {
        string[] names = ["é@x.example", "è@x.example", "_@x.example", new('a', 200), new('a', 201)];

        Assert.Equal(names.Length, names.Select(PickupName.Safe).Distinct(StringComparer.Ordinal).Count());
    }

    public void Dispose() => Directory.Delete(home, recursive: true);
}
