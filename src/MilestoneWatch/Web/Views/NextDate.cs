using NodaTime;

namespace MilestoneWatch.Web.Views;

public sealed record NextDate(LocalDate On, string Sentence);
