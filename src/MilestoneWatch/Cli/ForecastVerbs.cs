using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>`mw forecast`: an analyst's whole curve, which replaces their earlier one.</summary>
internal static class ForecastVerbs
{
    public static Command Create()
    {
        var slug = RecordVerbs.Slug();
        var by = new Option<string[]>("--by")
        {
            Description =
                "The probability (0.001 to 0.999) that it is achieved by a date: 2026-12-31=0.4, \"end of Q1 2027=0.6\"; once for each date",
            HelpName = "DATE=P",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var analyst = new AnalystOptions();
        var command = new Command("forecast", "Record your forecast: the whole curve, which replaces your earlier one") { slug, by };
        analyst.AddTo(command);
        command.Runs(
            (parse, mw, output, ct) =>
            {
                var on = mw.Clock.GetCurrentInstant().InUtc().Date;
                var points = parse.GetRequiredValue(by).Select(text => Point(text, on)).ToList();
                if (!Curve.TryRead(points, out var curve, out var refusal))
                {
                    throw new RefusedException($"--by: {refusal.Reason}");
                }
                var request = analyst.Request(parse, parse.GetRequiredValue(slug), new Forecasted(curve));
                return analyst.RecordAsync(parse, mw, output, request, ct);
            }
        );
        return command;
    }

    private static ForecastPoint Point(string text, LocalDate on)
    {
        var at = text.LastIndexOf('=');
        if (
            at < 1
            || !decimal.TryParse(text.AsSpan(at + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var probability)
        )
        {
            throw new RefusedException($"--by \"{text}\" is no DATE=P: write it as 2026-12-31=0.4");
        }
        return new ForecastPoint(Typed.LastDay("--by", text[..at], on), probability);
    }
}
