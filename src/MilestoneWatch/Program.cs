using System.CommandLine;
using MilestoneWatch.Cli;

var root = new RootCommand("MilestoneWatch: the ledger of what was promised, by whom and by when, and what changed since your last mail")
{
    Verb.Json,
    // to try and to run
    DemoVerb.Create(),
    ServeVerb.Create(),
    OpsVerbs.Migrate(),
    OpsVerbs.RunOnce(),
    OpsVerbs.Check(),
    OpsVerbs.Digest(),
    OpsVerbs.Deliver(),
    ImportVerb.Create(),
    ExportVerb.Create(),
    OpsVerbs.Ledger(),
    DeliveryVerbs.Create(),
    DkimVerbs.Create(),
    BounceVerbs.Create(),
    DoctorVerb.Create(),
    CompletionVerb.Create(),
    // to read and to record
    MilestoneVerbs.Create(),
    AttentionVerb.Create(),
    RecordVerbs.Status(),
    PromiseVerbs.Reschedule(),
    PromiseVerbs.Reading(),
    RecordVerbs.Progress(),
    RecordVerbs.Evidence(),
    RecordVerbs.Looked(),
    ForecastVerbs.Create(),
    RecordVerbs.Reopen(),
    CorrectionVerbs.Retract(),
    WindowVerbs.Create(),
    // who gets mail
    SubscriberVerbs.Create(),
    UserVerbs.Create(),
    TokenVerbs.Create(),
    SuppressionVerbs.Create(),
};
var parse = root.Parse(args);
return parse.Errors.Count > 0 && !CompletionVerb.IsAsked(parse)
    ? Usage.Explain(parse)
    // stopping the service and its database may take longer than the two seconds that are the default
    : await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
