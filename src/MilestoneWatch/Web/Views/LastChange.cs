using NodaTime;

namespace MilestoneWatch.Web.Views;

public sealed record LastChange(LocalDate On, string Sentence);
