using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Web.Views;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>A form of wishes, read: what it says, or for each field that cannot be read the key of the text that says why.</summary>
/// <param name="Mailbox">Null where the form has no address.</param>
/// <param name="Schedule">When.</param>
/// <param name="Topics">About what.</param>
/// <param name="Slugs">The same as it was typed.</param>
/// <param name="Errors">By field: email, topics, cadence, at, day, zone, language.</param>
internal sealed record Wishes(
    Mailbox? Mailbox,
    Schedule? Schedule,
    IReadOnlyList<Topic> Topics,
    IReadOnlyList<string> Slugs,
    IReadOnlyDictionary<string, string> Errors
)
{
    // more than anybody ticks, and no more look-ups than that
    private const int MostTopics = 5000;

    public static IReadOnlyDictionary<string, string> NoErrors { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static async Task<Wishes> ReadAsync(NpgsqlConnection connection, WishesForm form, bool withAddress, CancellationToken ct)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        Mailbox? mailbox = null;
        if (withAddress && !Mailbox.TryRead(form.Email, out mailbox))
        {
            errors["email"] = form.Email.Length == 0 ? "page.error.email.missing" : "page.error.email";
        }
        string[] slugs = form.Everything ? ["all"] : [.. form.Topics.Distinct(StringComparer.Ordinal)];
        var (topics, unknown) =
            slugs.Length > MostTopics ? ([], slugs[0]) : await SubscriberStore.TopicsAsync(connection, slugs.Where(IsSlug), ct);
        if (slugs.Length == 0)
        {
            errors["topics"] = "page.error.topics";
        }
        else if (unknown is not null || !slugs.All(IsSlug))
        {
            errors["topics"] = "page.error.topics.gone";
        }
        TypedSchedule.TryRead(form.Cadence, form.At, form.Day, form.Zone, out var schedule, out var wrong);
        foreach (var part in wrong)
        {
            errors[part] = $"page.error.{part}";
        }
        if (!Language.Codes.Contains(form.Language, StringComparer.Ordinal))
        {
            errors["language"] = "page.error.language";
        }
        return new Wishes(mailbox, schedule, topics, slugs, errors);
    }

    private static bool IsSlug(string text) => text.Length is > 0 and <= 200;
}
