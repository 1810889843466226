using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Access;

/// <summary>An API token as somebody typed it.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it is to allow, in words.</param>
/// <param name="Days">How long it is to work; null for until it is revoked.</param>
internal sealed record TokenAsked(string? Name, IReadOnlyCollection<string> Scopes, int? Days)
{
    private const int LongestName = 100;
    private const int MostDays = 3650;

    /// <summary>What it comes to, for an analyst who may do so much.</summary>
    /// <exception cref="RefusedException">It names nothing, allows nothing, or more than the analyst may.</exception>
    public (string Name, IReadOnlyCollection<Scope> Scopes, Instant? ExpiresAt) Read(Role role, Instant now)
    {
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            throw new RefusedException("the name says what the token is for, in one line of at most 100 letters");
        }
        _ = Typed.Text("the name", name);
        var scopes = Scopes.Distinct(StringComparer.Ordinal).Select(Scope).ToList();
        if (scopes.Count == 0)
        {
            throw new RefusedException("choose what the token allows: record, readers, or both");
        }
        if (scopes.Contains(Access.Scope.Readers) && role != Role.Admin)
        {
            throw new RefusedException("readers' addresses are an admin's to see: only an admin's token can have the scope readers");
        }
        if (Days is not (null or (> 0 and <= MostDays)))
        {
            throw new RefusedException("the days that the token works are from 1 to 3650");
        }
        return (name, scopes, Days is { } days ? now + Duration.FromDays(days) : null);
    }

    private static Scope Scope(string word) =>
        word is "record" or "readers"
            ? LedgerJson.ReadEnum<Scope>(word)
            : throw new RefusedException($"there is no scope \"{word}\": there is record, and readers");
}
