using System.Globalization;

namespace MilestoneWatch.Cli;

/// <summary>How far long work has come: a bar with rate and time left where a person looks, a line a minute in a log.</summary>
internal sealed class ProgressLine(Output output, string what, long total, TimeProvider time)
{
    private const int Bar = 24;
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _logged;

    /// <param name="done">How much of the total; more than it where work was added meanwhile.</param>
    public void Report(long done)
    {
        var took = time.GetElapsedTime(_began);
        var all = Math.Max(total, done);
        var rate = done / Math.Max(took.TotalSeconds, 0.001);
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}  {done:#,0} of {all:#,0}  {rate:#,0}/s  {Left(all - done, rate)} left"
        );
        if (Output.ForPeople)
        {
            var filled = (int)(Bar * done / Math.Max(all, 1));
            output.Progress($"{new string('█', filled)}{new string('░', Bar - filled)}  {told}");
        }
        else if (took - _logged >= LogEvery)
        {
            _logged = took;
            Output.Notice(told);
        }
    }

    /// <summary>What came of it, in place of the bar; nothing where nothing was done.</summary>
    public void End(long done, string inWords)
    {
        output.Progress("");
        if (done > 0)
        {
            output.Say(
                string.Create(CultureInfo.InvariantCulture, $"{done:#,0} {inWords} in {time.GetElapsedTime(_began).TotalSeconds:0.0} s.")
            );
        }
    }

    private static string Left(long count, double rate) =>
        rate <= 0 ? "?"
        : TimeSpan.FromSeconds(count / rate) is var left && left >= TimeSpan.FromMinutes(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{left.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0} s");
}
