using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Digests;

/// <summary>What all readers of an audience read; without words and a body when there is nothing to tell.</summary>
internal sealed record WrittenAudience(DigestView? View, EncodedBody? Body)
{
    /// <summary>Null without a body, or before it is stored.</summary>
    public long? Id { get; init; }

    /// <summary>Whether it could not be written.</summary>
    public bool Failed { get; init; }
}
