using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>What all runs of a pump share.</summary>
internal sealed class PumpContext
{
    public required NpgsqlDataSource Database { get; init; }

    /// <summary>The same over connections of its own, for what is asked with each mail: see <see cref="DeliveryDatabase"/>.</summary>
    public required NpgsqlDataSource Steps { get; init; }

    /// <summary>Whom all replicas that send there agree to call so: its host and port, or the folder.</summary>
    public required string Relay { get; init; }
    public required DeliveryOptions Options { get; init; }

    /// <summary>Mails a second over all replicas; null is no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Mails a second to any one domain of recipients, over all replicas; null is no limit.</summary>
    public double? RatePerDomain { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Where bounces come back to.</summary>
    public required MailOptions Mail { get; init; }

    /// <summary>Null where mails go unsigned.</summary>
    public DkimSigning? Signing { get; init; }

    /// <summary>Whose keys sign return paths; loaded with the first claim.</summary>
    public Links? Links { get; set; }
    public Tally Tally { get; } = new();
    public Renderings Renderings { get; } = new();
}
