using System.IO.Compression;
using System.IO.Pipelines;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>Decompresses request bodies (Content-Encoding). A limit holds for the bytes that are read, not for those that came.</summary>
internal static class ContentCoding
{
    /// <exception cref="RefusedException">The body is compressed in a way that is not read here.</exception>
    public static PipeReader Decode(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding;
        return coding.Count == 0 ? request.BodyReader : coding.ToString().ToLowerInvariant() switch
        {
            "gzip" => PipeReader.Create(new GZipStream(request.Body, CompressionMode.Decompress)),
            // in zlib's wrapper, as RFC 9110 has it
            "deflate" => PipeReader.Create(new ZLibStream(request.Body, CompressionMode.Decompress)),
            "identity" => request.BodyReader,
            _ => throw Unsupported(coding.ToString(), "gzip or deflate"),
        };
    }

    /// <exception cref="RefusedException">The body is compressed.</exception>
    public static void RequireNone(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding;
        if (coding.Count > 0 && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw Unsupported(coding.ToString(), "none");
    }

    private static RefusedException Unsupported(string coding, string expected) =>
        new(Refusal.UnsupportedMediaType, $"the content encoding is '{Quote.Of(coding)}', expected {expected}");
}
