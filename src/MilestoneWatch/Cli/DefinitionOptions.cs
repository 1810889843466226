using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>The wording and the thresholds of a milestone, as typed: what is not given stays as it is.</summary>
internal sealed class DefinitionOptions
{
    private readonly Option<string?> _title = Text("--title", "What is promised or awaited, in a line");
    private readonly Option<string?> _name = Text("--name", "The noun phrase that heads a mail's block (the title)");
    private readonly Option<string?> _short = Text("--short-name", "A few words, for subject lines and lists");
    private readonly Option<string?> _outcome = Text("--outcome", "What its happening is called: opening");
    private readonly Option<string?> _detail = Text("--detail", "More about it");
    private readonly Option<string?> _countsWhen = Text("--counts-when", "One sentence: what settles it");
    private readonly Option<string?> _conflicts = Text("--disagreement", "Where reports of it disagree, in a sentence");
    private readonly Option<decimal?> _target = new("--target") { Description = "A quantity's target, in its unit", HelpName = "NUMBER" };
    private readonly Option<string?> _unit = Text("--unit", "A quantity's unit: MW");
    private readonly Option<string?> _direction = Text("--direction", "at_least or at_most");
    private readonly Option<string[]> _baseline = Many("--baseline", "A name that a tally does not count; again for more", "NAME");
    private readonly Option<string[]> _relations = Many("--relation", "renewal=counts or launch=does_not_count; again for more", "WORD=…");
    private readonly Option<string[]> _aliases = Many("--alias", "Another spelling and the name it stands for: EADS=Airbus", "NAME=NAME");
    private readonly Option<string[]> _remove = Many("--remove", "Take a name or word out of the baseline, aliases and relations", "NAME");
    private readonly Option<int?> _threshold = new("--threshold") { Description = "How many distinct names are enough", HelpName = "N" };
    private readonly Option<string?> _reminders = Text(
        "--reminder-days",
        "Days before the window ends on which readers are reminded: 30,7,1, or none"
    );
    private readonly Option<int?> _quiet = new("--quiet-days")
    {
        Description = "Days of silence before it has gone quiet (90); 0 for never",
        HelpName = "N",
    };
    private readonly Option<int?> _points = new("--forecast-points")
    {
        Description = "Points by which the forecast moves before it is news (10)",
        HelpName = "N",
    };
    private readonly Option<string[]> _about = Many("--about", "A milestone that a question bears on; again for more", "SLUG");

    public void AddTo(Command command)
    {
        _direction.AcceptOnlyFromAmong("at_least", "at_most");
        foreach (
            var option in new Option[]
            {
                _title,
                _name,
                _short,
                _outcome,
                _detail,
                _countsWhen,
                _conflicts,
                _target,
                _unit,
                _direction,
                _baseline,
                _relations,
                _aliases,
                _remove,
                _threshold,
                _reminders,
                _quiet,
                _points,
                _about,
            }
        )
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="RefusedException">A value cannot be read.</exception>
    public DefinitionEdit Read(ParseResult parse)
    {
        return new DefinitionEdit
        {
            Title = Said(_title),
            Name = Said(_name),
            ShortName = Said(_short),
            Outcome = Said(_outcome),
            Detail = Said(_detail),
            CountsWhen = Said(_countsWhen),
            Conflicts = Said(_conflicts),
            Target = parse.GetValue(_target),
            Unit = Said(_unit),
            Direction = parse.GetValue(_direction) is { } direction ? LedgerJson.ReadEnum<Direction>(direction) : null,
            Baseline = Given(_baseline),
            Relations = [.. Given(_relations).Select(Relation)],
            Aliases = [.. Given(_aliases).Select(Alias)],
            Remove = Given(_remove),
            Threshold = parse.GetValue(_threshold),
            ReminderDays = Said(_reminders) is { } days ? Days(days) : null,
            QuietDays = parse.GetValue(_quiet),
            ForecastPoints = parse.GetValue(_points),
            About = Given(_about),
        };

        string? Said(Option<string?> option) => Typed.Text(option.Name, parse.GetValue(option));
        List<string> Given(Option<string[]> option) => [.. (parse.GetValue(option) ?? []).Select(text => Typed.Text(option.Name, text)!)];
    }

    private static (string, bool) Relation(string text) =>
        text.Split('=') switch
        {
            [{ Length: > 0 } word, "counts"] => (word, true),
            [{ Length: > 0 } word, "does_not_count"] => (word, false),
            _ => throw new RefusedException($"--relation \"{text}\" cannot be read: write renewal=counts or launch=does_not_count"),
        };

    private static (string, string) Alias(string text) =>
        text.Split('=', StringSplitOptions.TrimEntries) is [{ Length: > 0 } alias, { Length: > 0 } stands]
            ? (alias, stands)
            : throw new RefusedException($"--alias \"{text}\" cannot be read: write EADS=Airbus");

    private static List<int> Days(string text)
    {
        var days = new List<int>();
        foreach (var part in text == "none" ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            days.Add(
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var day)
                    ? day
                    : throw new RefusedException($"--reminder-days \"{text}\" cannot be read: write 30,7,1, or none")
            );
        }
        return days;
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description, HelpName = "TEXT" };

    private static Option<string[]> Many(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };
}
