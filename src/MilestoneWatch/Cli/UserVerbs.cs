using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Access;
using MilestoneWatch.Checks;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>`mw user …`: who records, what they may do, and where their mail goes.</summary>
internal static class UserVerbs
{
    public static Command Create() =>
        new("user", "Who records, who may sign in, and where their mail goes")
        {
            Add(),
            List(),
            Nudge(),
            UserAccessVerbs.Link(),
            UserAccessVerbs.SignOut(),
            UserAccessVerbs.Remove(),
        };

    private static Command Add()
    {
        var who = new Argument<string>("EMAIL|NAME")
        {
            Description = "An address, to sign in and be nudged at; or the name that entries are recorded under (--as NAME)",
        };
        var role = new Option<string?>("--role") { Description = "analyst, or admin: who also sees the readers", HelpName = "ROLE" };
        role.AcceptOnlyFromAmong("analyst", "admin");
        var name = new Option<string?>("--name") { Description = "The name, where it is not the address's local part", HelpName = "NAME" };
        var email = new Option<string?>("--email") { Description = "The address, where a name is given first", HelpName = "EMAIL" };
        var noMail = new Option<bool>("--no-mail") { Description = "No mail: no nudge, and no way to sign in" };
        var zone = new Option<string?>("--zone") { Description = "The IANA zone of their Mondays, 08:00 (UTC)", HelpName = "ZONE" };
        var command = new Command("add", "Name an analyst, or change their address, role or zone; a new address ends their sessions")
        {
            who,
            role,
            name,
            email,
            noMail,
            zone,
        };
        command.Validators.Add(result =>
        {
            var byAddress = result.GetValue(who)?.Contains('@', StringComparison.Ordinal) == true;
            if (byAddress && (result.GetValue(email) is not null || result.GetValue(noMail)))
            {
                result.AddError("the address is given already: leave out --email and --no-mail, or begin with the name");
            }
            else if (!byAddress && result.GetValue(name) is not null)
            {
                result.AddError("--name goes with an address: `mw user add EMAIL --name NAME`");
            }
            else if (!byAddress && result.GetValue(email) is null != result.GetValue(noMail))
            {
                result.AddError("give --email EMAIL, or --no-mail (not both)");
            }
        });
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var first = Typed.Text("EMAIL|NAME", parse.GetRequiredValue(who))!;
                var byAddress = first.Contains('@', StringComparison.Ordinal);
                var id = parse.GetValue(zone);
                if (id is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is null)
                {
                    throw new RefusedException($"--zone \"{id}\" is no IANA time zone: write it as Europe/Paris or UTC");
                }
                var listing = new Listing(
                    byAddress ? Typed.Text("--name", parse.GetValue(name)) : first,
                    Address(byAddress ? first : parse.GetValue(email)),
                    id,
                    parse.GetValue(role) is { } given ? LedgerJson.ReadEnum<Role>(given) : null
                );
                var analyst = await Roster.PutAsync(mw, listing, ct);
                output.Write(Json(analyst), () => Console.Out.WriteLine(Sentence(analyst, mw.Settings.Site)));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Everybody who has recorded or may sign in, and where they are signed in");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var all = await AnalystStore.AllAsync(connection, ct);
                var sessions = (await SessionStore.AllAsync(connection, mw.Clock.GetCurrentInstant(), ct)).ToLookup(one => one.UserId);
                output.Write(
                    new JsonArray([
                        .. all.Select(analyst =>
                        {
                            var json = Json(analyst);
                            json["sessions"] = sessions[analyst.Id].Count();
                            json["last_seen_at"] = Iso(Seen(sessions[analyst.Id]));
                            return (JsonNode)json;
                        }),
                    ]),
                    () =>
                        Output.Table(
                            ["Name", "Email", "Role", "Zone", "Sessions", "Last seen", "Next nudge"],
                            all.Select(analyst =>
                                (IReadOnlyList<string>)
                                    [
                                        analyst.Name,
                                        analyst.Email ?? "—",
                                        LedgerJson.WriteEnum(analyst.Role),
                                        analyst.Zone,
                                        sessions[analyst.Id].Count().ToString(CultureInfo.InvariantCulture),
                                        Seen(sessions[analyst.Id]) is { } seen ? InstantPattern.General.Format(seen) : "—",
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
                var analyst = await FindAsync(connection, parse.GetRequiredValue(name), ct);
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

    /// <summary>The analyst of a name, or of an address.</summary>
    /// <exception cref="RefusedException">There is none; the nearest that there is.</exception>
    public static async Task<Analyst> FindAsync(NpgsqlConnection connection, string who, CancellationToken ct)
    {
        var all = await AnalystStore.AllAsync(connection, ct);
        return (who.Contains('@', StringComparison.Ordinal) ? Roster.Holder(all, who) : null)
            ?? all.FirstOrDefault(known => known.Name == who)
            ?? throw new RefusedException(
                $"there is no analyst \"{who}\": {(all.Count == 0 ? "`mw user add EMAIL` names one" : NearestSlug.Suggestion(who, [.. all.Select(known => known.Name)]))}"
            );
    }

    private static string Sentence(Analyst analyst, SiteOptions site) =>
        analyst.NextNudgeAt is { } next
            ? $"{analyst.Name} is {(analyst.Role == Role.Admin ? "an admin" : "an analyst")}, signs in at {site.LinkTo("/sign-in")} with {analyst.Email}, and is nudged there from {InstantPattern.General.Format(next)} on, on Mondays when something waits."
            : $"{analyst.Name} gets no mail, and so cannot sign in.";

    private static string? Address(string? typed) =>
        typed is null ? null
        : Mailbox.TryRead(typed, out var mailbox) ? mailbox.Address
        : throw new RefusedException($"\"{typed}\" is no address that mail can be sent to: write it as name@example.org");

    private static Instant? Seen(IEnumerable<Session> sessions) => sessions.Max(session => (Instant?)session.LastUsedAt);

    private static string? Iso(Instant? at) => at is { } instant ? InstantPattern.ExtendedIso.Format(instant) : null;

    private static JsonObject Json(Analyst analyst) =>
        new()
        {
            ["name"] = analyst.Name,
            ["email"] = analyst.Email,
            ["role"] = LedgerJson.WriteEnum(analyst.Role),
            ["zone"] = analyst.Zone,
            ["next_nudge_at"] = Iso(analyst.NextNudgeAt),
        };
}
