using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Faults;

string[] all =
[
    "kill-worker",
    "kill-postmaster",
    "restart-postgres",
    "freeze",
    "smtp-refuses",
    "smtp-hangs",
    "smtp-drops",
    "network",
    "full-disk",
    "full-wal",
    "clock-jumps",
    "race",
];
var fault = new Argument<string>("FAULT") { Description = string.Join(", ", all) };
fault.AcceptOnlyFromAmong(all);
var seed = new Option<int>("--seed") { Description = "Of all that is left to chance", DefaultValueFactory = _ => 1 };
var mails = new Option<int?>("--mails") { Description = "Mails, or readers", HelpName = "N" };
var kills = new Option<int?>("--kills") { Description = "How often the fault is made", HelpName = "N" };
var replicas = new Option<int>("--replicas") { Description = "Workers at once", DefaultValueFactory = _ => 3 };
var brief = new Option<bool>("--short") { Description = "Small numbers, for every merge" };
var keep = new Option<string?>("--keep") { Description = "Folder for the raw log and the workers' logs", HelpName = "DIR" };
var sabotage = new Option<Sabotage>("--sabotage") { Description = "Break a promise by hand: does the judge see it" };
var mw = new Option<string?>("--mw") { Description = "The executable under test, if not the one built with this", HelpName = "FILE" };
var root = new RootCommand("Makes a fault under the real executable, and judges what came of the mails. Leaves nothing behind.")
{
    fault,
    seed,
    mails,
    kills,
    replicas,
    brief,
    keep,
    sabotage,
    mw,
};
root.SetAction(
    (parse, ct) =>
        Run.OneAsync(
            new FaultOptions
            {
                Fault = parse.GetRequiredValue(fault),
                Seed = parse.GetValue(seed),
                Mails = parse.GetValue(mails),
                Kills = parse.GetValue(kills),
                Replicas = parse.GetValue(replicas),
                Short = parse.GetValue(brief),
                Keep = parse.GetValue(keep),
                Sabotage = parse.GetValue(sabotage),
                Mw = parse.GetValue(mw) is { } file ? Path.GetFullPath(file) : null,
            },
            ct
        )
);
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

// stopping PostgreSQL and removing its data takes longer than the two seconds that are the default
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
