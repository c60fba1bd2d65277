using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MnistApi.Metrics;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>Reads multipart/form-data: every part with a file name is a PNG, whatever its field is called.</summary>
internal static class FilesReader
{
    private const int LongestBoundary = 70; // RFC 2046

    /// <exception cref="RefusedException">There is no file, too many, or the form is damaged.</exception>
    public static async Task ReadAsync(HttpRequest request, LimitOptions limits, PixelBatch batch, Pictures pictures, WorkGate gate, CancellationToken cancellation)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary) : default;
        if (boundary.Length == 0)
            throw new RefusedException(Refusal.Malformed, "expected multipart/form-data with a boundary, got a content type without one");
        if (boundary.Length > LongestBoundary)
            throw new RefusedException(Refusal.Malformed, $"expected a boundary of at most {LongestBoundary} characters, got {boundary.Length}");
        ContentCoding.RequireNone(request);
        if (request.ContentLength > limits.BodyBytes)
            throw BodyReader.TooLarge(limits.BodyBytes, $"{request.ContentLength}");
        try
        {
            await ReadPartsAsync(new MultipartReader(boundary.Value!, request.Body), limits, batch, pictures, () => gate.TakeTurnAsync(request.HttpContext), cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested
            && error is InvalidDataException or (IOException and not (BadHttpRequestException or ConnectionResetException)) or FormatException or NotSupportedException)
        {
            throw new RefusedException(Refusal.Malformed,
                $"the multipart form is damaged: {(error is IOException ? "it ends early, or its parts do not begin with its boundary" : error.Message)}", error);
        }
        if (batch.Count == 0)
            throw new RefusedException(Refusal.Malformed, "expected at least one file part (a part with a file name), got none");
    }

    private static async Task ReadPartsAsync(
        MultipartReader parts, LimitOptions limits, PixelBatch batch, Pictures pictures, Func<ValueTask<IDisposable>> takeTurn, CancellationToken cancellation)
    {
        var left = limits.BodyBytes;
        var most = Math.Min(limits.Files, limits.Instances);
        while (await parts.ReadNextSectionAsync(cancellation) is { } part)
        {
            var (array, length) = await ReadPartAsync(part.Body, left, limits.BodyBytes, cancellation);
            try
            {
                left -= length;
                if (FileNameOf(part) is not { } name)
                    continue; // an ordinary form field
                if (batch.Count == most)
                    throw new RefusedException(Refusal.TooLarge, $"expected at most {most} files, got more");
                var place = $"file {batch.Count + 1} ('{name}')";
                using var turn = Pictures.TakesLong(array.AsSpan(0, length)) ? await takeTurn() : null;
                var start = Stages.Now();
                batch.Note(pictures.Read(array.AsSpan(0, length), batch.AddBytes(), place));
                batch.Decoded(start);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }

    private static async Task<(byte[] Array, int Length)> ReadPartAsync(Stream part, int left, int limit, CancellationToken cancellation)
    {
        var array = ArrayPool<byte>.Shared.Rent(4096);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await part.ReadAsync(array.AsMemory(length), cancellation);
                if (read == 0)
                    return (array, length);
                length += read;
                if (length > left)
                    throw BodyReader.TooLarge(limit, "more");
                if (length < array.Length)
                    continue;
                var larger = ArrayPool<byte>.Shared.Rent(array.Length * 2);
                array.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(array);
                array = larger;
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }
    }

    /// <summary>The part's file name, fit to be repeated in an error; null where it is no file.</summary>
    private static string? FileNameOf(MultipartSection part)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            return null;
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        if (!name.HasValue)
            return null;
        return Quote.Of(HeaderUtilities.RemoveQuotes(name).Value);
    }
}
