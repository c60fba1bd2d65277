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
    private const int UsualRoom = 4096;

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
            await ReadPartsAsync(new MultipartReader(boundary.Value!, request.Body), limits, batch, pictures, gate, request.HttpContext);
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

    private static async Task ReadPartsAsync(MultipartReader parts, LimitOptions limits, PixelBatch batch, Pictures pictures, WorkGate gate, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var left = limits.BodyBytes;
        var most = Math.Min(limits.Files, limits.Instances);
        while (await parts.ReadNextSectionAsync(cancellation) is { } part)
        {
            using var body = await ReadPartAsync(part.Body, left, limits.BodyBytes, gate.Bodies, cancellation);
            left -= body.Length;
            if (FileNameOf(part) is not { } name)
                continue; // an ordinary form field
            if (batch.Count == most)
                throw new RefusedException(Refusal.TooLarge, $"expected at most {most} files, got more");
            var place = $"file {batch.Count + 1} ('{name}')";
            using var turn = Pictures.TakesLong(body.Span) ? await gate.TakeTurnAsync(context) : null;
            var start = Stages.Now();
            batch.Note(pictures.Read(body.Span, batch.AddBytes(), place));
            batch.Decoded(start);
        }
    }

    private static async Task<Body> ReadPartAsync(Stream part, int left, int limit, BodyBudget budget, CancellationToken cancellation)
    {
        var body = new Body(budget, UsualRoom);
        try
        {
            while (await part.ReadAsync(body.Room(1), cancellation) is var read and > 0)
            {
                body.Advance(read);
                if (body.Length > left)
                    throw BodyReader.TooLarge(limit, "more");
            }
            return body;
        }
        catch
        {
            body.Dispose();
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
