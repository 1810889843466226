using NodaTime;

namespace MilestoneWatch.Access;

/// <summary>Somebody signed in, in one browser.</summary>
/// <param name="Id">Its number, for the list.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Analyst">The name that they record under.</param>
/// <param name="Role">What they may do, as of now.</param>
/// <param name="Zone">Their IANA zone.</param>
/// <param name="Browser">What the browser calls itself.</param>
/// <param name="CreatedAt">When they signed in.</param>
/// <param name="LastUsedAt">When it was last used, within a few minutes.</param>
/// <param name="ExpiresAt">When it ends unless it is used.</param>
public sealed record Session(
    long Id,
    Guid UserId,
    string Analyst,
    Role Role,
    string Zone,
    string Browser,
    Instant CreatedAt,
    Instant LastUsedAt,
    Instant ExpiresAt
);
