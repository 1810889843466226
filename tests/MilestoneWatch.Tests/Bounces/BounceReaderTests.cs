using System.Text;
using CsCheck;
using MilestoneWatch.Bounces;

namespace MilestoneWatch.Tests.Bounces;

public sealed class BounceReaderTests
{
    public static TheoryData<string> Names => [.. Sample.All.Select(sample => sample.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_read_right(string name)
    {
        var sample = Sample.All.Single(one => one.Name == name);

        var reading = BounceReader.Read(sample.Bytes);

        Assert.Equal((sample.Kind, sample.Recipient, sample.Status), (reading.Word, reading.Recipient, reading.Status));
    }

    [Fact]
    public void There_are_enough_samples_and_a_good_part_of_them_are_traps()
    {
        Assert.True(Sample.All.Count >= 140, $"{Sample.All.Count}");
        Assert.True(
            Sample.All.Count(sample => sample.Kind == "none") * 4 >= Sample.All.Count,
            $"{Sample.All.Count(sample => sample.Kind == "none")}"
        );
    }

    [Fact]
    public void A_message_cut_anywhere_is_read_or_says_nothing()
    {
        var samples = Sample.All.Select(sample => sample.Bytes).Where(bytes => bytes.Length > 1).ToArray();

        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (which, from, to) =>
                {
                    var bytes = samples[which];
                    var (start, end) = ((int)(from * bytes.Length), (int)(to * bytes.Length));
                    _ = BounceReader.Read(bytes[..end]);
                    _ = BounceReader.Read(bytes[Math.Min(start, end)..Math.Max(start, end)]);
                },
                iter: 3_000
            );
    }

    [Fact]
    public void Bytes_changed_at_random_never_throw()
    {
        var samples = Sample.All.Select(sample => sample.Bytes).Where(bytes => bytes.Length > 1).ToArray();

        Gen.Select(Gen.Int[0, samples.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 40])
            .Sample(
                (which, edits) =>
                {
                    var bytes = samples[which].ToArray();
                    foreach (var (at, value) in edits)
                    {
                        bytes[Math.Min((int)(at * bytes.Length), bytes.Length - 1)] = value;
                    }
                    _ = BounceReader.Read(bytes);
                },
                iter: 3_000
            );
    }

    [Theory]
    [InlineData('a')]
    [InlineData('@')]
    [InlineData('<')]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('5')]
    [InlineData('\xff')]
    public void Thirty_megabytes_of_one_letter_say_nothing(char letter)
    {
        var head = "Return-Path: <>\nFrom: MAILER-DAEMON@example.net\nSubject: Undelivered\n\n";

        var reading = BounceReader.Read([.. Encoding.ASCII.GetBytes(head), .. Enumerable.Repeat((byte)letter, 30_000_000)]);

        Assert.Equal(BounceKind.None, reading.Kind);
    }

    [Fact]
    public void The_report_of_a_huge_mail_is_still_read()
    {
        var report = Sample.All.Single(one => one.Name == "postfix-user-unknown").Bytes;

        var reading = BounceReader.Read([.. report, .. Enumerable.Repeat((byte)'x', 20_000_000)]);

        Assert.Equal((BounceKind.Hard, "lea@example.net"), (reading.Kind, reading.Recipient));
    }

    [Theory]
    [InlineData(550, "5.1.1 <lea@example.net>: user unknown", true)]
    [InlineData(550, "No such user here", true)]
    [InlineData(554, "5.1.10 null MX", true)]
    [InlineData(450, "4.1.1 user unknown, try later", false)]
    [InlineData(550, "5.7.1 blocked using zen.spamhaus.example", false)]
    [InlineData(552, "5.2.2 mailbox full", false)]
    [InlineData(550, "5.1.8 sender address rejected: user unknown", false)]
    [InlineData(554, "5.7.1 relay access denied", false)]
    [InlineData(550, "", false)]
    public void Only_a_refusal_that_names_the_address_is_the_addresss_fault(int code, string reply, bool bad) =>
        Assert.Equal(bad, Refusal.IsNoSuchAddress(code, reply));
}
