using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A milestone while its facts are folded in.</summary>
/// <param name="slug">What it is called.</param>
/// <param name="recording">Where its changes are drafted.</param>
/// <param name="revision">Its revision as it was read.</param>
internal sealed class ImportTarget(string slug, Recording recording, int revision)
{
    public string Slug => slug;
    public Recording Recording => recording;
    public int Revision => revision;
    public MilestoneState? State => recording.State;
    public Definition Definition => recording.Definition;
}
