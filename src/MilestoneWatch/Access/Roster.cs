using MilestoneWatch.Checks;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>Who may sign in. An address belongs to one analyst; whose address changes is signed out everywhere.</summary>
internal static class Roster
{
    /// <summary>Whose address it is, in any spelling; the first by name where several had it before that was refused.</summary>
    public static Analyst? Holder(IEnumerable<Analyst> all, string email)
    {
        var key = SubscriberStore.KeyOf(email);
        return all.FirstOrDefault(analyst => analyst.Email is { } theirs && SubscriberStore.KeyOf(theirs) == key);
    }

    /// <summary>Names an analyst, or changes what is on record of one.</summary>
    /// <exception cref="RefusedException">The address is another analyst's, or the name is.</exception>
    public static async Task<Analyst> PutAsync(Installation mw, Listing listing, CancellationToken ct)
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var all = await AnalystStore.AllAsync(connection, ct);
        var holder = listing.Email is { } email ? Holder(all, email) : null;
        var name = listing.Name ?? holder?.Name ?? listing.Email![..listing.Email!.LastIndexOf('@')];
        if (holder is not null && holder.Name != name)
        {
            throw new RefusedException(
                $"{listing.Email} is {holder.Name}'s address: an address belongs to one analyst, who signs in with it"
            );
        }
        var known = all.FirstOrDefault(analyst => analyst.Name == name);
        if (listing.Name is null && holder is null && known?.Email is { } theirs)
        {
            throw new RefusedException(
                $"there is an analyst {name} already, at {theirs}: call this one otherwise with --name, or change the address with `mw user add {name} --email {listing.Email}`"
            );
        }
        var analyst = await AnalystStore.PutAsync(connection, name, listing.Email, listing.Zone, listing.Role, now, ct);
        if (known is not null && holder is null)
        {
            await SignOutAsync(connection, analyst, ct);
        }
        await transaction.CommitAsync(ct);
        return analyst;
    }

    /// <summary>Ends an analyst's sessions, and the links that would begin one; how many sessions there were.</summary>
    public static async Task<int> SignOutAsync(NpgsqlConnection connection, Analyst analyst, CancellationToken ct)
    {
        await SignInStore.DropTokensAsync(connection, analyst.Id, ct);
        return await SessionStore.EndAllAsync(connection, analyst.Id, ct);
    }

    /// <summary>Takes an analyst's access: no address, no role above the least, no session, no token. What they recorded keeps their name.</summary>
    public static async Task RemoveAsync(Installation mw, Analyst analyst, CancellationToken ct)
    {
        var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AnalystStore.PutAsync(connection, analyst.Name, email: null, zone: null, Role.Analyst, now, ct);
        await SignOutAsync(connection, analyst, ct);
        await ApiTokenStore.RevokeAllAsync(connection, analyst.Id, now, ct);
        await transaction.CommitAsync(ct);
    }
}
