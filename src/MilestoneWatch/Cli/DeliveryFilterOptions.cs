using System.CommandLine;
using MilestoneWatch.Delivery;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>The options by which deliveries are chosen.</summary>
internal sealed class DeliveryFilterOptions
{
    private readonly Option<string[]> _states = new("--state")
    {
        Description = "How they stand; may be given more than once",
        HelpName = "STATE",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string?> _to = new("--to") { Description = "To whom", HelpName = "EMAIL" };
    private readonly Option<string?> _purpose = new("--purpose") { Description = "What for", HelpName = "PURPOSE" };
    private readonly Option<string?> _since = new("--since") { Description = "Due on that day, in UTC, or later", HelpName = "DATE" };
    private readonly Option<string?> _until = new("--until") { Description = "Due on that day, in UTC, or earlier", HelpName = "DATE" };
    private readonly Option<string?> _reply = new("--reply") { Description = "Whose last reply has these words", HelpName = "TEXT" };

    public DeliveryFilterOptions(Command command)
    {
        _states.AcceptOnlyFromAmong([.. DeliverySheet.States]);
        _purpose.AcceptOnlyFromAmong("digest", "confirmation", "welcome", "nudge", "sign_in", "webhook");
        foreach (var option in new Option[] { _states, _to, _purpose, _since, _until, _reply })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether any was given.</summary>
    public bool AreGiven(ParseResult parse) =>
        parse.GetValue(_states) is { Length: > 0 }
        || new[] { _to, _purpose, _since, _until, _reply }.Any(option => parse.GetValue(option) is not null);

    public DeliveryFilter Read(ParseResult parse) =>
        new()
        {
            States = parse.GetValue(_states) is { Length: > 0 } states ? states : null,
            To = Typed.Text("--to", parse.GetValue(_to)),
            Purpose = parse.GetValue(_purpose),
            Since = Midnight("--since", parse.GetValue(_since), days: 0),
            Until = Midnight("--until", parse.GetValue(_until), days: 1),
            Reply = Typed.Text("--reply", parse.GetValue(_reply)),
        };

    private static Instant? Midnight(string what, string? text, int days) =>
        text is null ? null : Typed.Day(what, text).PlusDays(days).AtMidnight().InUtc().ToInstant();
}
