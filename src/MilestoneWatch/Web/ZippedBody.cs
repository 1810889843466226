using System.IO.Compression;

namespace MilestoneWatch.Web;

/// <summary>A body that is compressed once and sent many times, plain to whoever cannot read it so.</summary>
internal sealed class ZippedBody
{
    private readonly byte[] _zipped;

    private ZippedBody(byte[] zipped) => _zipped = zipped;

    /// <summary>Bytes as kept and sent.</summary>
    public int Length => _zipped.Length;

    /// <param name="write">Writes the plain body.</param>
    public static ZippedBody Of(Action<Stream> write)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            write(zip);
        }
        return new ZippedBody(zipped.ToArray());
    }

    public IResult Answer(HttpContext http, string contentType)
    {
        http.Response.Headers.Append("Vary", "Accept-Encoding");
        if (http.Request.GetTypedHeaders().AcceptEncoding.Any(way => way.Value == "gzip" && way.Quality != 0))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return TypedResults.Bytes(_zipped, contentType);
        }
        return TypedResults.Stream(new GZipStream(new MemoryStream(_zipped), CompressionMode.Decompress), contentType);
    }
}
