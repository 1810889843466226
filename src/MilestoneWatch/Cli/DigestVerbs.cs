using System.CommandLine;
using System.Text;
using MilestoneWatch.Digests;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>`mw digest preview`: what would be sent now, without sending.</summary>
internal static class DigestVerbs
{
    public static Command Preview()
    {
        var email = SubscriberVerbs.Email();
        var text = new Option<bool>("--text") { Description = "The text part (the default)" };
        var html = new Option<bool>("--html") { Description = "The HTML part" };
        var eml = new Option<bool>("--eml") { Description = "The whole message" };
        var command = new Command("preview", "What would be sent now, without sending") { email, text, html, eml };
        command.Validators.Add(result =>
        {
            if (new[] { text, html, eml }.Count(result.GetValue) > 1)
            {
                result.AddError("--text, --html and --eml exclude each other");
            }
        });
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await SubscriberVerbs.FindAsync(mw, parse.GetRequiredValue(email), ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var standings = new Standings();
                await standings.MoveToAsync(connection, await LedgerReader.HeadAsync(connection, ct), ct);
                await standings.ReadHistoriesAsync(connection, DigestComposer.Needed(standings, reader, now).ToHashSet(), ct);
                var told = await DigestComposer.ToldAsync(connection, [reader], standings.Position, ct);
                if (DigestComposer.View(standings, reader, now, told) is not { } view)
                {
                    output.Write(
                        new { sends = false, reason = "nothing changed since the last mail" },
                        () =>
                            Output.Notice(
                                $"Nothing would be sent to {reader.Email}: nothing they follow has changed since their last mail."
                            )
                    );
                    return ExitCode.Done;
                }
                var links = await Links.LoadAsync(connection, now, ct);
                var layout = await mw.Composer.LayOutAsync(
                    view,
                    now,
                    ScheduleWords.Of(reader, view.Language),
                    mw.Composer.SettingsLink(reader, links)
                );
                output.Write(
                    new
                    {
                        sends = true,
                        subject = view.Subject,
                        text = layout.Text,
                        html = layout.Html,
                    },
                    () =>
                        Console.Out.Write(
                            parse.GetValue(html) ? layout.Html
                            : parse.GetValue(eml) ? Eml(mw, reader, links, view.Subject, layout, now)
                            : $"Subject: {view.Subject}\n\n{layout.Text}"
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string Eml(
        Hosting.Installation mw,
        Subscriber reader,
        Links links,
        string subject,
        (string Text, string Html) layout,
        Instant now
    )
    {
        var body = SegmentEncoder.Encode(layout.Text, layout.Html, [], SegmentEncoder.NewBoundary());
        var headers = mw.Composer.Headers(mw.Settings.Mail, reader, links, subject, body.Boundary, now);
        return Encoding.ASCII.GetString(headers)
            + "\r\n"
            + string.Concat(body.Shared.Select(segment => Encoding.ASCII.GetString(segment.Span)));
    }
}
