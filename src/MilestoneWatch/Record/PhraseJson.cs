using System.Text.Json;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Record;

/// <summary>How a phrase was read, as scripts read it: a line of JSON.</summary>
internal static class PhraseJson
{
    public static string Of(string phrase, Window? window, PhraseError? error)
    {
        // nulls are part of the contract here: every key is always there
        var document = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["phrase"] = phrase,
            ["earliest"] = window?.Earliest,
            ["latest"] = window?.Latest,
            ["precision"] = window?.Precision,
            ["edtf"] = window is null ? null : Edtf.Of(window),
            ["approximate"] = window?.Approximate,
            ["ambiguous"] = window?.Ambiguous,
            ["alternative"] = window?.Alternative is { } other
                ? new Dictionary<string, object?>(StringComparer.Ordinal) { ["earliest"] = other.Earliest, ["latest"] = other.Latest }
                : null,
            ["error"] = error is null ? null : Typed.Explain(phrase, error),
        };
        return JsonSerializer.Serialize(document, LedgerJson.Options);
    }
}
