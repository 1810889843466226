using System.Globalization;
using System.Text;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Bounces;

/// <summary>Reports on mails that a house really sent, as a relay writes them.</summary>
internal static class Reports
{
    private static int number;

    /// <summary>A delivery-status report to the return path of the newest mail, or to <paramref name="to"/>.</summary>
    public static async Task<byte[]> OfLastAsync(
        House house,
        string status,
        string words,
        string recipient = "ada@example.org",
        string? to = null
    )
    {
        var id = await house.ScalarAsync<long>("select id from deliveries where state = 'sent' order by due_slot desc, id desc limit 1");
        return Report(to ?? await PathAsync(house, id), recipient, status, words);
    }

    public static byte[] Report(string to, string recipient, string status, string words, string original = "") =>
        Encoding.UTF8.GetBytes(
            $"""
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.org
            To: {to}
            Subject: Undelivered Mail Returned to Sender
            Message-ID: <{Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture)}@mx.example.org>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain

            It could not be delivered.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.org

            Final-Recipient: rfc822; {recipient}
            Action: failed
            Status: {status}
            Diagnostic-Code: smtp; {words}
            --b
            Content-Type: text/rfc822-headers

            From: milestonewatch@localhost
            To: {recipient}
            {original}
            --b--

            """
        );

    public static byte[] Complaint(string to, string recipient) =>
        Encoding.UTF8.GetBytes(
            $"""
            From: fbl@isp.example
            To: {to}
            Subject: abuse report
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: x/1
            Version: 1
            Original-Rcpt-To: {recipient}
            --b--

            """
        );

    public static async Task<string> PathAsync(House house, long delivery) =>
        ReturnPath.For(house.Mw.Settings.Mail, (await LinksAsync(house)).ReturnPathTokenFor(delivery));

    public static async Task<Links> LinksAsync(House house)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        return await Links.LoadAsync(connection, house.Clock.GetCurrentInstant(), CancellationToken.None);
    }
}
