namespace MilestoneWatch.Web.Views;

/// <param name="Verbatim">Only a verbatim quote is printed in quotation marks.</param>
public sealed record QuoteView(string Text, bool Verbatim);
