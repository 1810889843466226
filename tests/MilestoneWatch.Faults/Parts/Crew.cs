using System.Globalization;

namespace MilestoneWatch.Faults;

/// <summary>So many replicas of the service; one that falls is replaced at once, as an orchestrator does.</summary>
internal sealed class Crew(Stage stage, string roles, int replicas) : IAsyncDisposable
{
    private readonly List<Worker> _workers = [];
    private int _started;

    public IReadOnlyList<Worker> Workers => _workers;

    public int Started => _started;

    public void Start()
    {
        while (_workers.Count < replicas)
        {
            _workers.Add(StartOne());
        }
    }

    /// <summary>Waits until all of them serve.</summary>
    public Task ServesAsync(CancellationToken ct) =>
        Stage.UntilAsync(
            "every replica serves",
            () => Task.FromResult(_workers.TrueForAll(worker => Worker.HasServed(stage.LogOf(worker.Name)))),
            TimeSpan.FromSeconds(60),
            ct
        );

    /// <summary>Replaces whoever ended by itself; how many that were.</summary>
    public int ReplaceEnded()
    {
        var ended = 0;
        for (var i = 0; i < _workers.Count; i++)
        {
            if (_workers[i].HasEnded)
            {
                Stage.Say($"a replica ended by itself, exit code {_workers[i].ExitCode}");
                Replace(_workers[i]);
                ended++;
            }
        }
        return ended;
    }

    /// <summary>kill -9, and another takes its place.</summary>
    public void KillAndReplace(Worker worker)
    {
        worker.Kill();
        Replace(worker);
    }

    /// <summary>Whether all that are left ended when asked to.</summary>
    public async Task<bool> StopAsync()
    {
        var ended = await Task.WhenAll(_workers.Select(worker => worker.StopAsync()));
        return ended.All(one => one);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private void Replace(Worker worker)
    {
        _workers[_workers.IndexOf(worker)] = StartOne();
        worker.Dispose();
    }

    private Worker StartOne()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"w{++_started}.faults.example");
        return stage.StartWorker(name, ["serve", "--roles", roles]);
    }
}
