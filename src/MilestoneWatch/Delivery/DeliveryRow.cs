using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A delivery as ops look at it.</summary>
internal record DeliveryRow
{
    public long Id { get; init; }
    public Instant DueSlot { get; init; }
    public string Address { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string? SubjectLine { get; init; }
    public string State { get; init; } = "";
    public bool Held { get; init; }
    public bool Paced { get; init; }
    public int Attempts { get; init; }
    public Instant NextAttemptAt { get; init; }
    public Instant ExpiresAt { get; init; }
    public Instant? SettledAt { get; init; }
    public int? LastCode { get; init; }
    public string? LastReply { get; init; }

    /// <summary>"ready, held", "sent, 2 tries".</summary>
    public string Standing =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{State}{(Held ? ", held" : "")}{(Attempts > 0 ? $", {Attempts} {(Attempts == 1 ? "try" : "tries")}" : "")}"
        );

    /// <summary>What happens next and when, in words.</summary>
    /// <param name="now">By the database's clock, which the times on the way are from.</param>
    /// <param name="trouble">What the relay said when it last took no mail at all; null where it takes mail.</param>
    public string Next(Instant now, string? trouble)
    {
        var wait = NextAttemptAt - now;
        return State switch
        {
            "ready" or "unknown" when ExpiresAt <= now => "expires at the next pass",
            "ready" when Held => $"held until `mw delivery retry`{Expires(now)}",
            "unknown" when Held => $"the relay gave no answer: held until `mw delivery retry`{Expires(now)}",
            "ready" or "unknown" when wait <= Duration.Zero && trouble is not null => "when the relay takes mail again",
            "ready" when wait <= Duration.Zero => "at the next pass",
            "ready" when Paced => $"its domain's turn in {Span(wait)}",
            "ready" => $"next try in {Span(wait)}{Expires(now)}",
            "unknown" when wait <= Duration.Zero => "the relay gave no answer: again at the next pass",
            "unknown" => $"the relay gave no answer: again after the cool-off, in {Span(wait)}",
            "leased" => "a worker is about to send it",
            "sending" => "being sent",
            "sent" => "nothing: the relay has taken it",
            "dead" => "nothing, unless by `mw delivery retry`: refused for good",
            "expired" => "nothing, unless by `mw delivery retry`: it came too late",
            "cancelled" => "nothing: cancelled",
            _ => throw new InvalidOperationException($"delivery {Id} is {State}"),
        };
    }

    /// <summary>The last reply with its code, if there is one.</summary>
    public string? Said => LastReply is null ? null : ReplyWords(LastCode, LastReply);

    /// <summary>A code that the reply begins with is not said twice.</summary>
    public static string ReplyWords(int? code, string reply)
    {
        var number = code?.ToString(CultureInfo.InvariantCulture);
        return number is null || reply.StartsWith(number, StringComparison.Ordinal) ? reply : $"{number} {reply}";
    }

    public static string Span(Duration wait) =>
        wait.TotalHours >= 48 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(wait.TotalDays):0} days")
        : wait.TotalMinutes >= 120 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(wait.TotalHours):0} hours")
        : wait.TotalSeconds >= 100 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMinutes):0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s");

    private string Expires(Instant now) => $", expires in {Span(ExpiresAt - now)}";
}
