using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>A date that was promised, in the words it was printed in.</summary>
/// <param name="PromisedOn">The day it was promised; null when the source does not say.</param>
/// <param name="FirstSeenOn">The day it was first read, where <paramref name="PromisedOn"/> is not known.</param>
/// <param name="Footnote">The source's number on the milestone's page.</param>
public sealed record PromiseView(
    string Phrase,
    Window Window,
    LocalDate? PromisedOn = null,
    LocalDate? FirstSeenOn = null,
    string? Publisher = null,
    int? Footnote = null
)
{
    public LocalDate? Since => PromisedOn ?? FirstSeenOn;
}
