namespace MilestoneWatch.Hosting;

/// <summary>Section <c>Passes</c>: how often, in seconds, each pass is rung. Polling is the safety net; changes ring at once.</summary>
internal sealed class PassOptions
{
    public int CheckSeconds { get; set; } = 30;
    public int DigestSeconds { get; set; } = 15;
    public int DeliverySeconds { get; set; } = 10;
    public int BounceSeconds { get; set; } = 60;

    /// <summary>How often a pass is rung, in seconds, by its name.</summary>
    public int SecondsOf(string pass) =>
        pass switch
        {
            Bell.Checks => CheckSeconds,
            Bell.Digests => DigestSeconds,
            Bell.Bounces => BounceSeconds,
            _ => DeliverySeconds,
        };

    public IEnumerable<string> Problems()
    {
        foreach (
            var (key, value) in new[]
            {
                ("Check", CheckSeconds),
                ("Digest", DigestSeconds),
                ("Delivery", DeliverySeconds),
                ("Bounce", BounceSeconds),
            }
        )
        {
            if (value is < 1 or > 3600)
            {
                yield return $"MW_Passes__{key}Seconds is {value}: set it from 1 to 3600";
            }
        }
    }
}
