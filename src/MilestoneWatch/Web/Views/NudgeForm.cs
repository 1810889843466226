namespace MilestoneWatch.Web.Views;

/// <summary>What an analyst typed on a nudge's page; null where a field is empty.</summary>
public sealed record NudgeForm
{
    public string? On { get; init; }
    public string? Phrase { get; init; }
    public string? Source { get; init; }
    public string? Standing { get; init; }
    public string? Quote { get; init; }
    public string? Note { get; init; }

    /// <summary>Why it is settled without evidence that is confirmed or reported.</summary>
    public string? Override { get; init; }

    /// <summary>The revision that the page was made from: what somebody changed since is not overwritten.</summary>
    public int? Revision { get; init; }

    public static NudgeForm Read(IFormCollection form)
    {
        return new NudgeForm
        {
            On = Field("on"),
            Phrase = Field("phrase"),
            Source = Field("source"),
            Standing = Field("standing") is "confirmed" or "reported" or "claimed" or "unclear" ? Field("standing") : null,
            Quote = Field("quote"),
            Note = Field("note"),
            Override = Field("override"),
            Revision = int.TryParse(Field("revision"), System.Globalization.CultureInfo.InvariantCulture, out var revision)
                ? revision
                : null,
        };

        // browsers send \r\n
        string? Field(string name) => form[name].ToString().ReplaceLineEndings("\n").Trim() is { Length: > 0 } text ? text : null;
    }
}
