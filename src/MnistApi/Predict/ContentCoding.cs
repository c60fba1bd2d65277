using System.IO.Compression;
using System.IO.Pipelines;

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
            _ => throw new RefusedException(Refusal.UnsupportedMediaType,
                $"the content encoding is '{Quote.Of(coding)}', expected gzip or deflate"),
        };
    }
}
