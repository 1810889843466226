using Microsoft.Win32.SafeHandles;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>A private PostgreSQL under <c>MW_Home</c>, shared by every process that uses it: the first starts it, the last to
/// leave stops it, and one that was left behind by a killed process is taken over with its data.</summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan GatePatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LeavingPatience = TimeSpan.FromSeconds(60);

    private readonly ClusterPlace _place;
    private readonly Cluster _cluster;
    private readonly SafeFileHandle _use;
    private int _left;

    private EmbeddedPostgres(ClusterPlace place, Cluster cluster, SafeFileHandle use, string connectionString)
    {
        (_place, _cluster, _use) = (place, cluster, use);
        ConnectionString = connectionString;
    }

    /// <summary>To the database `milestonewatch`, as its superuser.</summary>
    public string ConnectionString { get; }

    /// <param name="home">The <c>MW_Home</c> folder; made if need be.</param>
    /// <param name="say">Told, a line each, what people may want to know: what is started, where the data is.</param>
    /// <exception cref="EmbeddedPostgresException">It cannot be had; the message is for people.</exception>
    public static Task<EmbeddedPostgres> StartAsync(string home, Action<string> say, CancellationToken ct) =>
        StartAsync(home, PostgresSources.FromEnvironment(), say, ct);

    internal static async Task<EmbeddedPostgres> StartAsync(string home, PostgresSources sources, Action<string> say, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new EmbeddedPostgresException(
                "The embedded database runs on Linux and macOS. On Windows, set MW_ConnectionStrings__MilestoneWatch to a PostgreSQL server."
            );
        }
        home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        try
        {
            var place = await ClusterPlace.ChooseAsync(home, ct);
            using var gate = await ClusterLocks.EnterGateAsync(place, GatePatience, ct);
            var binaries = await PostgresBinaries.FindAsync(place, sources, say, ct);
            var cluster = new Cluster(place, binaries);
            var use = ClusterLocks.Join(place);
            try
            {
                return new EmbeddedPostgres(place, cluster, use, await BringUpAsync(place, binaries, cluster, say, ct));
            }
            catch
            {
                await LeaveAsync(place, cluster, use);
                throw;
            }
        }
        catch (TimeoutException)
        {
            throw new EmbeddedPostgresException(
                $"Another process has been starting or stopping the database in {home} for {GatePatience.TotalMinutes:0} minutes. "
                    + "Wait for it, or end it, and try again."
            );
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"The database cannot be kept in {home}: {closed.Message} Set MW_Home to a folder that this user owns and may write to.",
                closed
            );
        }
    }

    /// <summary>To the database of the server that runs on a home's data now; null where none does. Starts, makes and holds nothing.</summary>
    public static async Task<string?> FindRunningAsync(string home, CancellationToken ct)
    {
        home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        if (OperatingSystem.IsWindows() || !Directory.Exists(home))
        {
            return null;
        }
        var place = await ClusterPlace.ChooseAsync(home, ct);
        return Postmaster.Read(place.Data) is { Status: "ready" } server && server.IsRunning()
            ? Cluster.ConnectionString(place, server.Port)
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _left, 1) == 1)
        {
            return;
        }
        try
        {
            using var gate = await ClusterLocks.EnterGateAsync(_place, LeavingPatience, CancellationToken.None);
            await LeaveAsync(_place, _cluster, _use);
        }
        catch (Exception failed)
            when (failed is TimeoutException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            // the server stays up; whoever comes next takes it over, and stops it
            _use.Dispose();
        }
    }

    /// <summary>What a <c>kill -9</c> of this process does: the lock goes, the server stays. For tests.</summary>
    internal void Abandon()
    {
        _left = 1;
        _use.Dispose();
    }

    private static async Task<string> BringUpAsync(
        ClusterPlace place,
        PostgresBinaries binaries,
        Cluster cluster,
        Action<string> say,
        CancellationToken ct
    )
    {
        if (place.Major is null)
        {
            await new NewCluster(place, binaries).MakeAsync(ct);
        }
        if (await cluster.FindRunningAsync(ct) is not { } server)
        {
            if (place.IsElsewhere)
            {
                say($"Data goes to {place.Folder}: the user that runs PostgreSQL cannot enter {place.Home}");
            }
            say($"Starting PostgreSQL {place.Major} on {place.Data}");
            server = await cluster.StartAsync(ct);
        }
        return await cluster.OpenAsync(server, ct);
    }

    /// <summary>Inside the gate. Has its own deadline: what we leave after may be a cancellation.</summary>
    private static async Task LeaveAsync(ClusterPlace place, Cluster cluster, SafeFileHandle use)
    {
        use.Dispose();
        if (ClusterLocks.IsUnused(place) && Postmaster.Read(place.Data)?.IsRunning() == true)
        {
            using var deadline = new CancellationTokenSource(LeavingPatience);
            await cluster.StopAsync(deadline.Token);
        }
    }
}
