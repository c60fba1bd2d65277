using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using MnistApi.Overload;
using MnistApi.Startup;

namespace MnistApi.Predict;

/// <summary>Reads whole bodies within the limit.</summary>
internal static class BodyReader
{
    private const int UsualRoom = 64 << 10; // where no length is announced

    public static async ValueTask<Body> ReadAsync(HttpRequest request, int limit, BodyBudget budget, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            throw TooLarge(limit, $"{request.ContentLength}");
        var reader = Decode(request);
        var body = new Body(budget, request.ContentLength ?? UsualRoom);
        try
        {
            while (true)
            {
                if (reader != request.BodyReader)
                    await ShortWork.ToThreadPool(); // a few packed bytes may be many
                if (!reader.TryRead(out var read))
                    read = await NextAsync(reader, request.HttpContext, cancellation);
                var buffer = read.Buffer;
                if (body.Length + buffer.Length > limit)
                {
                    reader.AdvanceTo(buffer.End);
                    throw TooLarge(limit, "more");
                }
                buffer.CopyTo(body.Room((int)buffer.Length).Span);
                body.Advance((int)buffer.Length);
                reader.AdvanceTo(buffer.End);
                if (read.IsCompleted)
                    return body;
            }
        }
        catch (Exception error)
        {
            body.Dispose();
            if (error is InvalidDataException)
                throw Malformed($"the body is not {request.Headers.ContentEncoding}, as its content encoding says", error);
            if (error is IOException and not (BadHttpRequestException or ConnectionResetException))
                throw Malformed("the body does not end where its length or its chunks say", error);
            throw;
        }
        finally
        {
            if (reader != request.BodyReader)
                await reader.CompleteAsync(); // gives the decompressor back
        }
    }

    /// <summary>The body decompressed. A limit holds for the bytes that are read, not for those that came.</summary>
    private static PipeReader Decode(HttpRequest request)
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

    /// <summary>
    /// Waits for more. Once the service is to stop, Kestrel no longer ends an upload that stalls: then it has the same grace from here.
    /// </summary>
    private static async ValueTask<ReadResult> NextAsync(PipeReader reader, HttpContext context, CancellationToken cancellation)
    {
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var registration = lifetime.ApplicationStopping.UnsafeRegister(
            source => ((CancellationTokenSource)source!).CancelAfter(ConnectionLimits.Grace), stalled);
        try
        {
            return await reader.ReadAsync(stalled.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BadHttpRequestException(ConnectionLimits.TooSlow, StatusCodes.Status408RequestTimeout);
        }
    }

    private static RefusedException TooLarge(int limit, string got) =>
        new(Refusal.TooLarge, $"expected a body of at most {limit} bytes, got {got}");
}
