using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MilestoneWatch.Mail;

/// <summary>Renders a mail's HTML part from its component.</summary>
internal sealed class MailRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<string> RenderAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var rendered = await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            // one tag a line: no relay that undoes the encoding meets a line over 998
            return rendered.ToHtmlString().Replace("><", ">\n<", StringComparison.Ordinal);
        });
        return "<!DOCTYPE html>\n" + html;
    }
}
