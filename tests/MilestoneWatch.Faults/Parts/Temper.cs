namespace MilestoneWatch.Faults;

/// <summary>How the sink is disposed: by seed, recipient and try alone, so the same in every run whatever order mails come in.</summary>
/// <param name="seed">Of the run.</param>
/// <param name="perMille">Of mails that meet each trouble.</param>
internal sealed class Temper(int seed, params (Trouble Trouble, int PerMille)[] perMille)
{
    // a mail that is refused for ever would say nothing about how refusals end
    private const int MostTries = 3;

    public static Temper Calm { get; } = new(0);

    public Trouble Of(string recipient, int @try)
    {
        if (@try > MostTries)
        {
            return Trouble.None;
        }
        var die = Draw(FormattableString.Invariant($"{seed}|{recipient}|{@try}")) % 1000;
        foreach (var (trouble, share) in perMille)
        {
            if (die < (uint)share)
            {
                return trouble;
            }
            die -= (uint)share;
        }
        return Trouble.None;
    }

    // FNV-1a and a stir; string.GetHashCode differs from process to process
    private static uint Draw(string text)
    {
        unchecked
        {
            var hash = 2166136261u;
            foreach (var c in text)
            {
                hash = (hash ^ c) * 16777619u;
            }
            hash ^= hash >> 16;
            hash *= 0x7feb352du;
            hash ^= hash >> 15;
            return hash;
        }
    }
}
