namespace MilestoneWatch.Web.Views;

/// <summary>What a reader typed and ticked, as it was, so that a refused form keeps it.</summary>
public sealed record WishesForm
{
    public string Email { get; init; } = "";
    public bool Everything { get; init; } = true;
    public IReadOnlyList<string> Topics { get; init; } = [];
    public string Cadence { get; init; } = "weekly";
    public string At { get; init; } = "08:00";
    public string Weekday { get; init; } = "mon";
    public string Monthday { get; init; } = "1";
    public string Zone { get; init; } = "UTC";
    public string Language { get; init; } = "en";
    public bool NothingChanged { get; init; } = true;

    /// <summary>An address that was asked about and is right all the same.</summary>
    public string? Kept { get; init; }

    /// <summary>The day that goes with the cadence.</summary>
    public string Day => Cadence == "monthly" ? Monthday : Weekday;

    public static WishesForm Read(IFormCollection form)
    {
        var email = Field("email").Trim();
        return new WishesForm
        {
            // the button that takes the suggestion is also the one that Enter presses, so it counts only while the address is as asked about
            Email = Field("take").Trim() is { Length: > 0 } taken && email == Field("kept") ? taken : email,
            Everything = Field("follow") != "some",
            Topics = [.. form["topics"].OfType<string>()],
            Cadence = Field("cadence"),
            At = Field("at"),
            Weekday = Field("weekday"),
            Monthday = Field("monthday"),
            Zone = Field("zone"),
            Language = Field("language"),
            NothingChanged = form.ContainsKey("nothing_changed"),
            Kept = Field("kept") is { Length: > 0 } kept ? kept : null,
        };

        string Field(string name) => form[name].ToString();
    }
}
