using System.IO.Compression;
using System.IO.Pipelines;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>Request bodies that come compressed (Content-Encoding). Whoever reads one keeps to the limit of bytes that it reads, not that came.</summary>
internal static class ContentCoding
{
    /// <exception cref="RefusedException">It is compressed in a way that is not read here.</exception>
    public static PipeReader Decode(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding;
        return coding.Count == 0 ? request.BodyReader : coding.ToString().ToLowerInvariant() switch
        {
            "gzip" => PipeReader.Create(new GZipStream(request.Body, CompressionMode.Decompress)),
            "deflate" => PipeReader.Create(new ZLibStream(request.Body, CompressionMode.Decompress)), // as RFC 9110 has it: in zlib's wrapper
            "identity" => request.BodyReader,
            _ => throw Unsupported(coding.ToString(), "gzip or deflate"),
        };
    }

    /// <exception cref="RefusedException">It is compressed.</exception>
    public static void RequireNone(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw Unsupported(coding.ToString(), "none");
    }

    private static RefusedException Unsupported(string coding, string expected) =>
        new(Refusal.UnsupportedMediaType, $"the content encoding is '{Quote.Of(coding)}', expected {expected}");
}
