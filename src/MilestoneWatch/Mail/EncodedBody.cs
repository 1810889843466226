namespace MilestoneWatch.Mail;

/// <summary>A multipart/alternative body, encoded once: shared segment 0, slot 0, shared segment 1, …, shared segment n.</summary>
/// <remarks>Any values in the slots give a valid body by concatenation, without looking at a shared byte again.</remarks>
internal sealed record EncodedBody(string Boundary, IReadOnlyList<ReadOnlyMemory<byte>> Shared, IReadOnlyList<PersonalSlot> Slots)
{
    /// <summary>One reader's segments in slot order; a slot without a value throws.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Personal(IReadOnlyDictionary<string, string> values) =>
        [.. Slots.Select(slot => SegmentEncoder.EncodePersonal(values[slot.Name], slot.Html))];

    /// <summary>The body as sent: the shared segments with the personal ones between them.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Join(
        IReadOnlyList<ReadOnlyMemory<byte>> shared,
        IReadOnlyList<ReadOnlyMemory<byte>> personal
    )
    {
        if (shared.Count != personal.Count + 1)
            throw new ArgumentException(
                $"{shared.Count} shared segments take {shared.Count - 1} personal ones, not {personal.Count}",
                nameof(personal)
            );
        var joined = new List<ReadOnlyMemory<byte>>(shared.Count + personal.Count) { shared[0] };
        for (var i = 0; i < personal.Count; i++)
        {
            joined.Add(personal[i]);
            joined.Add(shared[i + 1]);
        }
        return joined;
    }
}
