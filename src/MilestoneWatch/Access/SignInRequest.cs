using NodaTime;

namespace MilestoneWatch.Access;

/// <summary>Somebody who asked for a link to sign in, known or not.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Email">An address as <see cref="Mail.Mailbox"/> read it.</param>
/// <param name="Browser">The hash of the secret that the asking browser was given.</param>
/// <param name="ToPath">As <see cref="LocalPath"/> read it.</param>
/// <param name="AskedAt">When it was asked.</param>
internal sealed record SignInRequest(long Id, string Email, byte[] Browser, string? ToPath, Instant AskedAt);
