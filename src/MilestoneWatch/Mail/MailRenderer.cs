using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MilestoneWatch.Mail;

/// <summary>Renders a mail's HTML part from its component.</summary>
internal sealed class MailRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    // RFC 5322 §2.1.1 allows 998: a relay that undoes the encoding meets no longer line, unless a single word is
    private const int LongestLine = 900;

    public async Task<string> RenderAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var rendered = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            return rendered.ToHtmlString().Replace("><", ">\n<", StringComparison.Ordinal);
        });
        return $"<!DOCTYPE html>\n{string.Join('\n', html.Split('\n', Trimmed).SelectMany(Folded))}\n";
    }

    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private static IEnumerable<string> Folded(string line)
    {
        while (line.Length > LongestLine)
        {
            var blank = line.LastIndexOf(' ', LongestLine) is var before and > 0 ? before : line.IndexOf(' ', LongestLine);
            if (blank < 0)
            {
                break;
            }
            yield return line[..blank];
            line = line[(blank + 1)..];
        }
        yield return line;
    }
}
