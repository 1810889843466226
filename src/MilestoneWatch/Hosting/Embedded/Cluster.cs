using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>Starts, finds, opens and stops the server on one data folder. Only inside the gate.</summary>
internal sealed class Cluster(ClusterPlace place, PostgresBinaries binaries)
{
    /// <summary>Of the superuser and of the database.</summary>
    public const string Name = "milestonewatch";
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ComingUp = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quitting = TimeSpan.FromSeconds(20);

    /// <summary>The server that already runs on the data, once it is ready (it may be recovering, or on its way out: then
    /// null, once it is gone).</summary>
    public async Task<Postmaster?> FindRunningAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Postmaster.Read(place.Data) is { } server && server.IsRunning())
        {
            if (server.Status is "ready")
            {
                return server;
            }
            if (TimeProvider.System.GetElapsedTime(began) > ComingUp)
            {
                throw new EmbeddedPostgresException(
                    $"The server on {place.Data} (process {server.ProcessId}) has not become ready for {ComingUp.TotalMinutes:0} minutes. "
                        + $"Its log, {place.Log}, ends:\n{PostgresLog.Tail(new PostgresLog(place).Read(from: 0))}"
                );
            }
            await Task.Delay(Between, TimeProvider.System, ct);
        }
        return null;
    }

    public async Task<Postmaster> StartAsync(CancellationToken ct)
    {
        var last = Postmaster.Read(place.Data);
        if (last is not null && Directory.Exists($"/proc/{last.ProcessId}"))
        {
            // its number lives on in a stranger or a zombie, which PostgreSQL would take for the server itself
            File.Delete(Postmaster.FileIn(place.Data));
        }
        var log = new PostgresLog(place);
        await log.PrepareAsync(ct);
        // after a crash the same port if it can be had: others may still hold connection strings to it
        var port = last is { Port: > 0 } ? last.Port : FreePort();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var before = log.Length;
            var seconds = $"{ComingUp.TotalSeconds:0}";
            // pg_ctl gives the server a session of its own, so Ctrl-C in our terminal does not reach it
            string[] arguments = ["start", "-w", "-t", seconds, "-D", place.Data, "-l", place.Log, "-o", $"-p {port}"];
            var started = await place.Account.RunAsync(binaries.PgCtl, arguments, ct);
            if (started.ExitCode == 0 && Postmaster.Read(place.Data) is { } server)
            {
                return server;
            }
            if (await FindRunningAsync(ct) is { } other)
            {
                // one whose starter was cut short came up meanwhile
                return other;
            }
            var news = log.Read(from: before);
            // a port taken meanwhile, or the last processes of a killed server, are passing troubles
            var passing =
                news.Contains("could not bind", StringComparison.Ordinal)
                || news.Contains("pre-existing shared memory block", StringComparison.Ordinal);
            if (!passing || TimeProvider.System.GetElapsedTime(began) > Quitting)
            {
                throw new EmbeddedPostgresException(
                    $"PostgreSQL {binaries.Major} did not start on {place.Data}. Its log, {place.Log}, ends:\n{PostgresLog.Tail(news.Length > 0 ? news : started.Output)}"
                );
            }
            port = FreePort();
            await Task.Delay(Between, TimeProvider.System, ct);
        }
    }

    /// <summary>Connects, and makes the database if the first start did not come so far.</summary>
    /// <returns>The connection string.</returns>
    public async Task<string> OpenAsync(Postmaster server, CancellationToken ct)
    {
        var text = ConnectionString(place, server.Port);
        try
        {
            await ExecuteAsync(text, "select 1", ct);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.InvalidCatalogName)
        {
            await ExecuteAsync(
                new NpgsqlConnectionStringBuilder(text) { Database = "postgres" }.ConnectionString,
                $"create database {Name}",
                ct
            );
        }
        catch (NpgsqlException failed)
        {
            throw new EmbeddedPostgresException(
                $"The server on {place.Data} runs on port {server.Port}, but does not let us in: {failed.Message}. "
                    + $"Its log is {place.Log}; its password should be the one in {place.Password}.",
                failed
            );
        }
        return text;
    }

    /// <summary>Stops the server without losing anything committed.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        foreach (var mode in (string[])["fast", "immediate"])
        {
            var seconds = $"{Quitting.TotalSeconds:0}";
            string[] arguments = ["stop", "-w", "-t", seconds, "-D", place.Data, "-m", mode];
            if ((await place.Account.RunAsync(binaries.PgCtl, arguments, ct)).ExitCode == 0)
            {
                return;
            }
        }
    }

    /// <exception cref="EmbeddedPostgresException">The password is gone.</exception>
    public static string ConnectionString(ClusterPlace place, int port)
    {
        if (!File.Exists(place.Password))
        {
            throw new EmbeddedPostgresException(
                $"{place.Password}, the password of the database in {place.Data}, is gone. "
                    + $"Put it back, or, to start over without that data, move {place.Data} away."
            );
        }
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Name,
            Password = File.ReadAllText(place.Password),
            Database = Name,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            KeepAlive = 30,
            // several processes share max_connections
            MaxPoolSize = 20,
        }.ConnectionString;
    }

    private static async Task ExecuteAsync(string connectionString, string sql, CancellationToken ct)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
