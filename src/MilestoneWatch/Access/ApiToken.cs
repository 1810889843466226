using NodaTime;

namespace MilestoneWatch.Access;

/// <summary>What a program carries, and whose word it speaks.</summary>
public sealed record ApiToken(
    long Id,
    string Name,
    Guid UserId,
    string Analyst,
    Role Role,
    IReadOnlySet<Scope> Scopes,
    Instant CreatedAt,
    Instant? ExpiresAt,
    Instant? LastUsedAt,
    Instant? RevokedAt
)
{
    public bool Works(Instant now) => RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>Whether it was given the scope, and whoever it speaks for may still do as much.</summary>
    public bool Allows(Scope scope) => Scopes.Contains(scope) && (scope != Scope.Readers || Role == Role.Admin);
}
