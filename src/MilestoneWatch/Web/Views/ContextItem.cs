using NodaTime;

namespace MilestoneWatch.Web.Views;

public sealed record ContextItem(LocalDate? On, string Text, int? Footnote = null);
