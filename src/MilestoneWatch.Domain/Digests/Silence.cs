using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Domain.Digests;

/// <summary>What stands beside "nothing on record": when it was last looked at, and what speaks against nothing having happened.</summary>
internal sealed class Silence(Prose prose)
{
    /// <summary>"Last looked 2 October at Mistral AI: nothing new."; null if nobody has.</summary>
    public string? LastLook(MilestoneDelta delta)
    {
        var look = delta.History.LastOrDefault(entry => entry.Position == delta.Milestone.State.LookPosition);
        return look?.HappenedOn is not { } on ? null
            : look.Body?.Source is { } source
                ? prose.Language.Say("digest.last_look_at", ("day", prose.Day(on)), ("place", source.Url ?? source.Publisher))
            : prose.Language.Say("digest.last_look", ("day", prose.Day(on)));
    }

    /// <summary>"w.media lists 40 MW there as existing (29 May)"; null when there is none.</summary>
    public string? Against(MilestoneDelta delta)
    {
        var against = delta
            .History.Standing()
            .LastOrDefault(entry =>
                entry
                    is {
                        Kind: EntryKind.EvidenceAdded,
                        Body: { Source: not null, Quote: not null, Change: EvidenceAdded { Stance: not Stance.Contradicts } }
                    }
            );
        return against is null ? null : Says(against);
    }

    /// <summary>What a source says, and when: "w.media says "…" (29 May)".</summary>
    public string Says(Entry entry)
    {
        var body = entry.Body!;
        var publisher = body.Source?.Publisher ?? prose.Language.Say("digest.unnamed_source");
        var said =
            body.Quote is not { } quote ? prose.Language.Say("digest.says_nothing", ("publisher", publisher))
            : body.Verbatim ? prose.Language.Say("digest.says", ("publisher", publisher), ("quote", prose.Language.Quoted(quote)))
            : prose.Language.Say("digest.says_in_effect", ("publisher", publisher), ("paraphrase", quote));
        return entry.HappenedOn is { } day ? prose.Aside(said, prose.Brief(day)) : said;
    }
}
