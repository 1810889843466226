namespace MilestoneWatch.Api;

/// <summary>The OpenAPI 3.1 document of the API, embedded in the executable.</summary>
internal static class ApiDocument
{
    public static byte[] Content { get; } = Read();

    private static byte[] Read()
    {
        using var stream = typeof(ApiDocument).Assembly.GetManifestResourceStream("api.openapi.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
