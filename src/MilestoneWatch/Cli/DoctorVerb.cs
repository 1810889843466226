using System.CommandLine;
using System.Globalization;
using Dapper;
using MilestoneWatch.Access;
using MilestoneWatch.Bounces;
using MilestoneWatch.Checks;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>`mw doctor`: is the installation well? A container's health check, too.</summary>
internal static class DoctorVerb
{
    /// <summary>A pass that was not seen for so many of its intervals has stopped.</summary>
    private const int MissedBeats = 3;

    // a pass of the delivery pump may take as long as its slowest relay
    private static readonly Duration Patience = Duration.FromSeconds(30);

    private const string Beats = "select name, beat_at, trouble from passes order by name";

    public static Command Create()
    {
        var command = new Command("doctor", "Is all well? The schema, each pass's heartbeat, the mails that wait; exits 1 if not");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                // opened means: the database answers and its schema is current
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var now = mw.Clock.GetCurrentInstant();
                var trouble = await Readiness.TroubleAsync(mw.Database, ct);
                var findings = new List<Finding>
                {
                    new("schema", Fine: true, "current"),
                    new("database", Fine: trouble is null, trouble ?? "takes writes, and has room"),
                };
                findings.AddRange(
                    (
                        await connection.QueryAsync<(string Name, Instant BeatAt, string? Trouble)>(
                            new CommandDefinition(Beats, cancellationToken: ct)
                        )
                    )
                        .Where(beat => beat.Name != Bell.Bounces || mw.Settings.Bounces.Host.Length > 0)
                        .Select(beat =>
                            beat.Trouble is { } complaint
                                ? new Finding(beat.Name, Fine: false, complaint)
                                : Heartbeat(beat.Name, now - beat.BeatAt, mw.Settings.Passes.SecondsOf(beat.Name))
                        )
                );
                findings.Add(Signing(mw.Settings));
                findings.Add(await DeskAsync(connection, ct));
                findings.Add(Mails(await DeliveryStore.CountAsync(connection, mw.Settings.Relay, ct)));
                var fine = findings.TrueForAll(finding => finding.Fine);
                output.Write(
                    new { fine, findings },
                    () =>
                        Output.Table(
                            ["", "What", "Finding"],
                            findings.Select(finding => new[] { finding.Fine ? "✓" : "!", finding.What, finding.Says })
                        )
                );
                return fine ? ExitCode.Done : ExitCode.Refused;
            }
        );
        return command;
    }

    private static Finding Heartbeat(string pass, Duration age, int seconds)
    {
        var limit = Duration.FromSeconds(MissedBeats * seconds) + Patience;
        var last = $"last seen {Words(age)} ago";
        return age <= limit
            ? new Finding(pass, Fine: true, last)
            : new Finding(
                pass,
                Fine: false,
                $"{last}, though it is rung every {seconds.ToString(CultureInfo.InvariantCulture)} s: start `mw serve` with this role, or read its log"
            );
    }

    // a key that cannot be read keeps every verb from starting, so what is configured works
    private static Finding Signing(Settings settings) =>
        new(
            "signing",
            Fine: true,
            settings.Dkim.Keys.Count == 0
                ? "mails go unsigned: `mw dkim generate` makes a key"
                : $"DKIM, for {settings.Dkim.DomainFor(settings.Mail)}, selector {string.Join(" and ", settings.Dkim.Keys.Select(key => key.Selector))}"
        );

    // whoever is kept from signing in has another way in: nothing of the service is unwell
    private static async Task<Finding> DeskAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var signIn = (await AnalystStore.AllAsync(connection, ct)).Where(analyst => analyst.Email is not null).ToList();
        var said = new List<string>
        {
            signIn.Exists(analyst => analyst.Role == Role.Admin)
                ? string.Create(CultureInfo.InvariantCulture, $"{signIn.Count} may sign in")
                : "there is no admin: `mw user add EMAIL --role admin` makes one",
        };
        foreach (var analyst in signIn)
        {
            if (await SuppressionStore.StandingAsync(connection, SubscriberStore.KeyOf(analyst.Email!), ct) is { } stands)
            {
                said.Add(
                    $"no mail goes to {analyst.Name}, {stands.InWords()}, so no link to sign in: `mw user link {analyst.Name}` prints one, `mw suppression remove {analyst.Email} --reason TEXT` allows mail again"
                );
            }
        }
        return new Finding("desk", Fine: true, string.Join("; ", said));
    }

    private static Finding Mails(DeliveryCounts counts)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Waiting} waiting, {counts.Unknown} unknown, {counts.Dead} dead in the last 30 days"
        );
        return counts.Trouble is { } trouble
            ? new Finding("mails", Fine: false, $"{said}. The relay takes none: {trouble}")
            : new Finding("mails", Fine: true, said);
    }

    private static string Words(Duration age) =>
        age.TotalHours >= 48 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days")
        : age.TotalMinutes >= 120 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} hours")
        : age.TotalSeconds >= 120 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} minutes")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, age.TotalSeconds):0} s");

    private sealed record Finding(string What, bool Fine, string Says);
}
