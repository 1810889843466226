using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Access;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw token …`: what programs carry to record, or to read what is not public.</summary>
internal static class TokenVerbs
{
    public static Command Create() => new("token", "API tokens: whose word they speak, and what they allow") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "What it is for, to tell it from others" };
        var who = new Option<string>("--as")
        {
            Description = "The analyst, by name or address, as whom it records",
            HelpName = "ANALYST",
            Required = true,
        };
        var scope = new Option<string>("--scope")
        {
            Description = "record, readers (an admin's only), or both with a comma",
            HelpName = "SCOPE",
            Required = true,
        };
        var days = new Option<int?>("--days") { Description = "How long it works (until it is revoked)", HelpName = "N" };
        var command = new Command("add", "Make a token; its secret is printed once, and nothing gives it back") { name, who, scope, days };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var analyst = await UserVerbs.FindAsync(connection, parse.GetRequiredValue(who), ct);
                var asked = new TokenAsked(
                    parse.GetRequiredValue(name),
                    parse.GetRequiredValue(scope).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                    parse.GetValue(days)
                );
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                var token = asked.Read(analyst.Role, now);
                var (secret, id) = await ApiTokenStore.AddAsync(connection, analyst.Id, token.Name, token.Scopes, now, token.ExpiresAt, ct);
                Output.Notice(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Token {id}, {token.Name}, speaks for {analyst.Name}{(token.ExpiresAt is { } end ? $" until {InstantPattern.General.Format(end)}" : ", until `mw token revoke`")}. Keep the secret: it is not shown again."
                    )
                );
                output.Write(
                    new
                    {
                        id,
                        token.Name,
                        analyst = analyst.Name,
                        scopes = token.Scopes.Select(LedgerJson.WriteEnum),
                        expires_at = Iso(token.ExpiresAt),
                        secret,
                    },
                    () => Console.Out.WriteLine(secret)
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All tokens, with their last use; never their secrets");
        command.Runs(
            async (_, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var now = mw.Clock.GetCurrentInstant();
                var all = await ApiTokenStore.AllAsync(connection, ct);
                output.Write(
                    new JsonArray([.. all.Select(token => (JsonNode)Json(token, now))]),
                    () =>
                        Output.Table(
                            ["Id", "Name", "Analyst", "Scopes", "Made", "Last used", "Works"],
                            all.Select(token =>
                                (IReadOnlyList<string>)
                                    [
                                        token.Id.ToString(CultureInfo.InvariantCulture),
                                        token.Name,
                                        token.Analyst,
                                        string.Join(", ", Scopes(token)),
                                        InstantPattern.General.Format(token.CreatedAt),
                                        token.LastUsedAt is { } used ? InstantPattern.General.Format(used) : "never",
                                        Works(token, now),
                                    ]
                            )
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<long>("ID") { Description = "The token's number, as `mw token list` shows it" };
        var command = new Command("revoke", "End a token, at once") { id };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var which = parse.GetRequiredValue(id);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                if (!await ApiTokenStore.RevokeAsync(connection, which, Ledger.Micros(mw.Clock.GetCurrentInstant()), ct))
                {
                    throw new RefusedException(
                        string.Create(CultureInfo.InvariantCulture, $"there is no token {which} that works: `mw token list` shows all")
                    );
                }
                output.Write(
                    new { id = which, revoked = true },
                    () => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Token {which} works no more."))
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string Works(ApiToken token, Instant now) =>
        token.RevokedAt is { } revoked ? $"revoked {InstantPattern.General.Format(revoked)}"
        : token.ExpiresAt is not { } end ? "until revoked"
        : end <= now ? $"expired {InstantPattern.General.Format(end)}"
        : $"until {InstantPattern.General.Format(end)}";

    private static IEnumerable<string> Scopes(ApiToken token) => token.Scopes.Order().Select(LedgerJson.WriteEnum);

    private static string? Iso(Instant? at) => at is { } instant ? InstantPattern.ExtendedIso.Format(instant) : null;

    private static JsonObject Json(ApiToken token, Instant now) =>
        new()
        {
            ["id"] = token.Id,
            ["name"] = token.Name,
            ["analyst"] = token.Analyst,
            ["scopes"] = new JsonArray([.. Scopes(token).Select(scope => (JsonNode)scope)]),
            ["created_at"] = Iso(token.CreatedAt),
            ["expires_at"] = Iso(token.ExpiresAt),
            ["last_used_at"] = Iso(token.LastUsedAt),
            ["revoked_at"] = Iso(token.RevokedAt),
            ["works"] = token.Works(now),
        };
}
