namespace MilestoneWatch.Hosting;

/// <summary>The parts of the service that a process plays.</summary>
[Flags]
internal enum Roles
{
    None = 0,
    Web = 1,
    Checks = 2,
    Digests = 4,
    Delivery = 8,
    All = Web | Checks | Digests | Delivery,
}
