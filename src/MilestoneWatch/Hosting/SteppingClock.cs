using NodaTime;

namespace MilestoneWatch.Hosting;

/// <summary>A clock that stands where it is put: for MW_NOW, and for the demo's replay.</summary>
internal sealed class SteppingClock(Instant start) : IClock
{
    private Instant _now = start;

    public Instant GetCurrentInstant() => _now;

    public void StepTo(Instant instant) => _now = instant;
}
