using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace MilestoneWatch.Digests;

/// <summary>A heading of a level that depends on what stands above it, so that none is skipped.</summary>
public sealed class DigestHeading : ComponentBase
{
    [Parameter, EditorRequired]
    public int Level { get; set; }

    [Parameter, EditorRequired]
    public string Class { get; set; } = "";

    [Parameter, EditorRequired]
    public string Style { get; set; } = "";

    [Parameter, EditorRequired]
    public RenderFragment ChildContent { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, $"h{Level}");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "style", Style);
        builder.AddContent(3, ChildContent);
        builder.CloseElement();
    }
}
