using System.CommandLine;
using System.Net.Sockets;
using MilestoneWatch.Hosting;
using MilestoneWatch.Hosting.Embedded;
using Npgsql;
using Command = System.CommandLine.Command;

namespace MilestoneWatch.Cli;

/// <summary>What all verbs share: the --json flag, opening the installation, and turning failures into one clear message and an exit code.</summary>
internal static class Verb
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON for scripts", Recursive = true };

    /// <summary>A verb that works on the installation.</summary>
    public static void Runs(this Command command, Func<ParseResult, Installation, Output, CancellationToken, Task<int>> run) =>
        command.RunsBare(
            async (parse, output, ct) =>
            {
                await using var installation = await Installation.OpenAsync(Settings.Load(), Output.Notice, ct);
                return await run(parse, installation, output, ct);
            }
        );

    /// <summary>A verb that needs no database, or opens its own.</summary>
    public static void RunsBare(
        this Command command,
        Func<ParseResult, Output, CancellationToken, Task<int>> run,
        bool runsUntilTold = false
    ) => command.SetAction((parse, ct) => GuardAsync(() => run(parse, new Output(parse.GetValue(Json)), ct), runsUntilTold, ct));

    private static async Task<int> GuardAsync(Func<Task<int>> run, bool runsUntilTold, CancellationToken ct)
    {
        try
        {
            return await run();
        }
        catch (RefusedException e)
        {
            return Fail(ExitCode.Refused, e.Message);
        }
        catch (SettingsException e)
        {
            return Fail(ExitCode.Usage, e.Message);
        }
        catch (EmbeddedPostgresException e)
        {
            return Fail(ExitCode.Down, e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return runsUntilTold ? ExitCode.Done : Fail(ExitCode.Refused, "interrupted; what was not reported is not recorded");
        }
        catch (EvolveDb.EvolveException e)
        {
            return Fail(ExitCode.Refused, $"the schema could not be brought up to date, and is as it was: {e.GetBaseException().Message}");
        }
        catch (PostgresException e)
        {
            return Fail(e.SqlState.StartsWith("MW", StringComparison.Ordinal) ? ExitCode.Refused : ExitCode.Down, Explain(e));
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            return Fail(
                ExitCode.Down,
                $"the database does not answer ({e.GetBaseException().Message}): check MW_ConnectionStrings__MilestoneWatch, and that PostgreSQL is running there"
            );
        }
    }

    private static string Explain(PostgresException e) =>
        e.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"the database refuses the login ({e.MessageText}): check MW_ConnectionStrings__MilestoneWatch and its password",
            PostgresErrorCodes.InvalidCatalogName =>
                $"the database is not there ({e.MessageText}): create it, or check MW_ConnectionStrings__MilestoneWatch",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"the login may not do this ({e.MessageText}): `mw migrate` grants it what it needs",
            _ => $"the database says: {e.MessageText} ({e.SqlState})",
        };

    private static int Fail(int code, string message)
    {
        foreach (var line in message.Split('\n'))
        {
            Console.Error.WriteLine($"mw: {line}");
        }
        return code;
    }
}
