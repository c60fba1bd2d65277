using System.Runtime.InteropServices;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MnistApi.Predict;

/// <summary>The files of a multipart/form-data body: every part with a file name is a picture, whatever its field is called.</summary>
internal static class FormFiles
{
    private const int MaxBoundary = 70; // RFC 2046

    /// <summary>The boundary that a form's content type has.</summary>
    public static string BoundaryOf(string? contentType)
    {
        var boundary = MediaTypeHeaderValue.TryParse(contentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary) : default;
        return boundary.Length switch
        {
            0 => throw Malformed("expected multipart/form-data with a boundary, got a content type without one"),
            > MaxBoundary => throw Malformed($"expected a boundary of at most {MaxBoundary} characters, got {boundary.Length}"),
            _ => boundary.Value!,
        };
    }

    /// <summary>Finds the files in a whole body, and where each stands, for errors.</summary>
    public static async Task<List<(ReadOnlyMemory<byte> File, string Place)>> FindAsync(
        ReadOnlyMemory<byte> body, string boundary, LimitOptions limits)
    {
        var maxFiles = Math.Min(limits.Files, limits.Instances);
        var files = new List<(ReadOnlyMemory<byte>, string)>();
        MemoryMarshal.TryGetArray(body, out var array);
        var parts = new MultipartReader(boundary, new MemoryStream(array.Array!, array.Offset, array.Count, writable: false));
        try
        {
            while (await parts.ReadNextSectionAsync() is { } part)
            {
                await part.Body.DrainAsync(CancellationToken.None);
                var bytes = body.Slice((int)part.BaseStreamOffset!.Value, (int)part.Body.Length);
                // the latter is a canvas's toDataURL() in a text field
                var name = FileNameOf(part) ?? (bytes.Span.StartsWith("data:"u8) ? "data URL" : null);
                if (name is null || (name.Length == 0 && bytes.IsEmpty)) // a field, or a file input that was left empty
                    continue;
                if (files.Count == maxFiles)
                    throw new RefusedException(Refusal.TooLarge, $"expected at most {maxFiles} files, got more");
                files.Add((bytes, $"file {files.Count + 1} ('{name}')"));
            }
        }
        catch (Exception error) when (DamageOf(error) is not null)
        {
            throw Malformed($"the multipart form is damaged: {DamageOf(error)}", error);
        }
        return files.Count > 0 ? files : throw Malformed("expected at least one file part (a part with a file name), got none");
    }

    /// <summary>The part's file name, fit to be repeated in an error; null where it is no file.</summary>
    private static string? FileNameOf(MultipartSection part)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            return null;
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return name.HasValue ? Quote.Of(HeaderUtilities.RemoveQuotes(name).Value) : null;
    }

    /// <summary>What is wrong with the form, in words of ours rather than the framework's.</summary>
    private static string? DamageOf(Exception error) => error switch
    {
        IOException => "it ends early, or its parts do not begin with its boundary",
        InvalidDataException =>
            "a part has too many or too long headers (16 lines, 16 KiB), a header without a colon, or a boundary that does not end",
        FormatException or NotSupportedException or ArgumentException => "a file name is in an encoding that is not read here",
        _ => null,
    };
}
