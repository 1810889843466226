namespace MilestoneWatch.Web.Desk;

/// <summary>What was typed and ticked to make a token, as it was, so that a refused form keeps it.</summary>
public sealed record TokenForm(string Name, bool Record, bool Readers, string Days)
{
    public static TokenForm Fresh { get; } = new("", Record: true, Readers: false, "90");

    public static TokenForm Read(IFormCollection form) =>
        new(
            form["name"].ToString(),
            form["scope"].Contains("record", StringComparer.Ordinal),
            form["scope"].Contains("readers", StringComparer.Ordinal),
            form["days"].ToString().Trim()
        );
}
