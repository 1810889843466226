using System.CommandLine;
using System.Text.Json.Nodes;
using MilestoneWatch.Checks;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw user …`: who records, and where their weekly nudge goes.</summary>
internal static class UserVerbs
{
    public static Command Create() => new("user", "Who records, and where their weekly nudge goes") { Add(), List(), Nudge() };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "The name that entries are recorded under (--as NAME)" };
        var email = new Option<string?>("--email") { Description = "Where the weekly nudge goes", HelpName = "EMAIL" };
        var noMail = new Option<bool>("--no-mail") { Description = "No nudge" };
        var zone = new Option<string>("--zone")
        {
            Description = "The IANA zone of their Mondays, 08:00",
            HelpName = "ZONE",
            DefaultValueFactory = _ => "UTC",
        };
        var command = new Command("add", "Name an analyst, or change their address and zone; links mailed before stop working")
        {
            name,
            email,
            noMail,
            zone,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(email) is null != result.GetValue(noMail))
            {
                result.AddError("give --email EMAIL, or --no-mail (not both)");
            }
        });
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var who = Typed.Text("NAME", parse.GetRequiredValue(name))!;
                var address = parse.GetValue(email);
                var id = parse.GetRequiredValue(zone);
                if (address is not null && !Mailbox.TryRead(address, out _))
                {
                    throw new RefusedException($"\"{address}\" is no address that mail can be sent to: write it as name@example.org");
                }
                if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is null)
                {
                    throw new RefusedException($"--zone \"{id}\" is no IANA time zone: write it as Europe/Paris or UTC");
                }
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                var analyst = await AnalystStore.PutAsync(connection, who, address, id, now, ct);
                output.Write(
                    Json(analyst),
                    () =>
                        Console.Out.WriteLine(
                            analyst.NextNudgeAt is { } next
                                ? $"{analyst.Name} is nudged at {analyst.Email} from {InstantPattern.General.Format(next)} on, on Mondays when something waits."
                                : $"{analyst.Name} gets no mail."
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Everybody who has recorded, or is nudged");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var all = await AnalystStore.AllAsync(connection, ct);
                output.Write(
                    new JsonArray([.. all.Select(analyst => (JsonNode)Json(analyst))]),
                    () =>
                        Output.Table(
                            ["Name", "Email", "Zone", "Next nudge"],
                            all.Select(analyst =>
                                (IReadOnlyList<string>)
                                    [
                                        analyst.Name,
                                        analyst.Email ?? "—",
                                        analyst.Zone,
                                        analyst.NextNudgeAt is { } next ? InstantPattern.General.Format(next) : "—",
                                    ]
                            )
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Nudge()
    {
        var name = new Argument<string>("NAME") { Description = "The analyst's name" };
        var html = new Option<bool>("--html") { Description = "The HTML part instead of the text" };
        var command = new Command("nudge", "The nudge that would be sent now, without sending") { name, html };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var who = parse.GetRequiredValue(name);
                var all = await AnalystStore.AllAsync(connection, ct);
                var analyst =
                    all.FirstOrDefault(known => known.Name == who)
                    ?? throw new RefusedException(
                        $"there is no analyst \"{who}\": {(all.Count == 0 ? "`mw user add NAME --email EMAIL` names one" : NearestSlug.Suggestion(who, [.. all.Select(known => known.Name)]))}"
                    );
                if (await mw.Nudges.PreviewAsync(connection, analyst, ct) is not { } nudge)
                {
                    output.Write(new { sends = false }, () => Output.Notice("Nothing waits for an analyst, so no nudge would be sent."));
                    return ExitCode.Done;
                }
                var page = await mw.Renderer.RenderAsync<NudgeMail>(new(StringComparer.Ordinal) { [nameof(NudgeMail.View)] = nudge });
                output.Write(
                    new
                    {
                        sends = true,
                        subject = nudge.Subject,
                        text = nudge.Text(),
                        html = page,
                    },
                    () => Console.Out.Write(parse.GetValue(html) ? page : $"Subject: {nudge.Subject}\n\n{nudge.Text()}")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static JsonObject Json(Analyst analyst) =>
        new()
        {
            ["name"] = analyst.Name,
            ["email"] = analyst.Email,
            ["zone"] = analyst.Zone,
            ["next_nudge_at"] = analyst.NextNudgeAt is { } next ? InstantPattern.ExtendedIso.Format(next) : null,
        };
}
