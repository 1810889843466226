using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Web.Pages;
using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Web;

/// <summary>What the pages for readers share: the short ones that say or ask one thing, and how much a form may hold.</summary>
internal static class ReaderPages
{
    // every milestone ticked, each by its slug, has room
    private static readonly FormOptions Limits = new()
    {
        KeyLengthLimit = 100,
        ValueLengthLimit = 4 * 1024,
        MultipartBodyLengthLimit = 256 * 1024,
        BufferBodyLengthLimit = 256 * 1024,
        ValueCountLimit = 2048,
    };

    /// <summary>What was sent; null where it is no form, or more than any of ours holds.</summary>
    public static async Task<WishesForm?> FormAsync(HttpRequest request, CancellationToken ct) =>
        await FieldsAsync(request, ct) is { } fields ? WishesForm.Read(fields) : null;

    /// <summary>The same, unread.</summary>
    public static async Task<IFormCollection?> FieldsAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return request.ContentLength > Limits.BufferBodyLengthLimit ? null : await request.ReadFormAsync(Limits, ct);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    public static RazorComponentResult<NotePage> Note(
        Language language,
        int status,
        string title,
        string text,
        params IReadOnlyList<(string Href, string Text)> links
    )
    {
        var page = Endpoints.Page<NotePage>(
            new
            {
                Title = title,
                Text = text,
                Language = language,
                More = links,
            }
        );
        page.StatusCode = status;
        return page;
    }

    public static RazorComponentResult<AskPage> Ask(
        Language language,
        string title,
        string text,
        string action,
        string button,
        string? otherwise = null
    ) =>
        Endpoints.Page<AskPage>(
            new
            {
                Title = title,
                Text = text,
                Action = action,
                Button = button,
                Language = language,
                Otherwise = otherwise,
            }
        );

    public static RazorComponentResult<NotePage> Unreadable(Language language) =>
        Note(
            language,
            StatusCodes.Status400BadRequest,
            language.Say("page.toomuch.title"),
            language.Say("page.toomuch"),
            ("/subscribe", language.Say("page.asked.again"))
        );

    /// <summary>The one answer to a link that opens nothing, whatever the reason.</summary>
    public static RazorComponentResult<NotePage> Gone(Language language) =>
        Note(
            language,
            StatusCodes.Status404NotFound,
            language.Say("page.gone.title"),
            language.Say("page.gone.text"),
            ("/subscribe", language.Say("page.gone.again"))
        );
}
