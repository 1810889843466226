namespace MilestoneWatch.Bounces;

/// <summary>What a delivery-status report (RFC 3464) says of one recipient; also where it stands, broken, among other text.</summary>
/// <param name="Recipient">As it was asked for, else as it was tried.</param>
/// <param name="Action">failed, delayed, delivered, relayed or expanded, in lower case; null where it is not said.</param>
internal sealed record DeliveryStatus(string? Recipient, string? Action, string? Status, string? Diagnostic)
{
    private static readonly string[] Fields =
    [
        "final-recipient",
        "original-recipient",
        "x-actual-recipient",
        "action",
        "status",
        "diagnostic-code",
        "x-display-name",
        "remote-mta",
        "will-retry-until",
        "x-supplementary-info",
        "x-notes",
    ];

    /// <summary>Whether it says that the mail will not arrive.</summary>
    public bool IsFailure =>
        Action is null or ""
            ? Status is ['4' or '5', ..] || Diagnostic is not null
            : !(Action is "delivered" or "relayed" or "expanded" or "delayed");

    public BounceReading Read()
    {
        var words = Diagnostic ?? "";
        var status = Status;
        if (status is null || Refusal.IsVague(status))
        {
            status = Refusal.StatusIn(words) is { } told && (status is null || !Refusal.IsVague(told)) ? told : status;
        }
        return new BounceReading(Refusal.Judge(status, words), Recipient, status, Refusal.OneLine(words));
    }

    /// <summary>The recipients of a report's text, in its order.</summary>
    public static IReadOnlyList<DeliveryStatus> AllIn(string report)
    {
        var all = new List<DeliveryStatus>();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? last = null;
        foreach (var line in report.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length == 0 || line.Trim().Length == 0)
            {
                Close();
            }
            else if (line[0] is ' ' or '\t' && last is not null)
            {
                fields[last] = $"{fields[last]} {line.Trim()}";
            }
            else if (
                colon > 0
                && Array.Find(Fields, field => line[..colon].Trim().Equals(field, StringComparison.OrdinalIgnoreCase)) is { } name
            )
            {
                // without the empty line between them that there should be
                if (name is "final-recipient" && fields.ContainsKey(name))
                {
                    Close();
                }
                last = fields.TryAdd(name, line[(colon + 1)..].Trim()) ? name : null;
            }
            else
            {
                last = null;
            }
        }
        Close();
        return all;

        void Close()
        {
            if (fields.ContainsKey("final-recipient") || fields.ContainsKey("original-recipient") || fields.ContainsKey("action"))
            {
                all.Add(Of(fields));
            }
            fields.Clear();
            last = null;
        }
    }

    private static DeliveryStatus Of(Dictionary<string, string> fields)
    {
        var recipient =
            Addresses.OfField(fields.GetValueOrDefault("original-recipient"))
            ?? Addresses.OfField(fields.GetValueOrDefault("final-recipient"))
            ?? Addresses.OfField(fields.GetValueOrDefault("x-actual-recipient"));
        var action = fields.GetValueOrDefault("action")?.TrimStart().ToLowerInvariant();
        var status = fields.GetValueOrDefault("status");
        var diagnostic = fields.GetValueOrDefault("diagnostic-code") ?? fields.GetValueOrDefault("x-supplementary-info");
        if (diagnostic is not null)
        {
            // "smtp;", "X-Postfix;": what kind of words follow
            var type = diagnostic.IndexOf(';', StringComparison.Ordinal);
            diagnostic =
                type is > 0 and < 24 && !diagnostic[..type].Contains(' ', StringComparison.Ordinal)
                    ? diagnostic[(type + 1)..].Trim()
                    : diagnostic;
        }
        return new DeliveryStatus(
            recipient,
            action is null ? null : new string([.. action.TakeWhile(char.IsAsciiLetter)]),
            status is null ? null : Refusal.StatusIn(status),
            diagnostic is { Length: > 0 } ? diagnostic
                // some say in brackets behind the status what they mean
                : status is not null && status.Contains('(', StringComparison.Ordinal) ? status
                : null
        );
    }
}
