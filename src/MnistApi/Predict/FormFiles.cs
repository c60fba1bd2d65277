using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MnistApi.Overload;
using MnistApi.Problems;
using MnistApi.Startup;

namespace MnistApi.Predict;

/// <summary>The files of a multipart/form-data body: every part with a file name is a picture, whatever its field is called.</summary>
internal sealed class FormFiles : IDisposable
{
    private const int MaxBoundary = 70; // RFC 2046
    private const int UsualRoom = 4096;

    private readonly LimitOptions _limits;
    private readonly Body _body; // all files, one after the other
    private readonly List<(Range Bytes, string Place)> _files = [];

    private FormFiles(LimitOptions limits, BodyBudget budget) => (_limits, _body) = (limits, new Body(budget, UsualRoom));

    /// <summary>Bytes of all parts together.</summary>
    public long Length { get; private set; }

    /// <exception cref="RefusedException">There is no file, too many, or the form is damaged.</exception>
    public static async Task<FormFiles> ReceiveAsync(
        HttpRequest request, LimitOptions limits, BodyBudget budget, CancellationToken cancellation)
    {
        var hasType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var boundary = hasType ? HeaderUtilities.RemoveQuotes(type!.Boundary) : default;
        if (boundary.Length == 0)
            throw new RefusedException(Refusal.Malformed, "expected multipart/form-data with a boundary, got a content type without one");
        if (boundary.Length > MaxBoundary)
        {
            throw new RefusedException(Refusal.Malformed,
                $"expected a boundary of at most {MaxBoundary} characters, got {boundary.Length}");
        }
        ContentCoding.RequireNone(request);
        if (request.ContentLength > limits.BodyBytes)
            throw BodyReader.TooLarge(limits.BodyBytes, $"{request.ContentLength}");
        var form = new FormFiles(limits, budget);
        try
        {
            await form.ReadPartsAsync(request.HttpContext, new MultipartReader(boundary.Value!, request.Body), cancellation);
            return form;
        }
        catch (Exception error)
        {
            form.Dispose();
            if (!cancellation.IsCancellationRequested && IsDamage(error))
                throw Damaged(error);
            throw;
        }
    }

    public void AddTo(RequestImages images)
    {
        foreach (var (bytes, place) in _files)
            images.AddPicture(_body.Memory[bytes], place);
    }

    public void Dispose() => _body.Dispose();

    private async Task ReadPartsAsync(HttpContext context, MultipartReader parts, CancellationToken cancellation)
    {
        var maxFiles = Math.Min(_limits.Files, _limits.Instances);
        while (await ConnectionLimits.WithinGraceAsync(context, parts.ReadNextSectionAsync, cancellation) is { } part)
        {
            var name = FileNameOf(part);
            var start = _body.Length;
            var isFile = name is not null;
            var first = true;
            while (await ConnectionLimits.WithinGraceAsync(context, ReadAsync, cancellation) is var read and > 0)
            {
                Length += read;
                if (Length > _limits.BodyBytes)
                    throw BodyReader.TooLarge(_limits.BodyBytes, "more");
                if (first && !isFile && _body.Room(1).Span[..read].StartsWith("data:"u8)) // a canvas's toDataURL() in a text field
                    (isFile, name) = (true, "data URL");
                first = false;
                if (isFile) // of an ordinary field nothing is kept
                    _body.Advance(read);
            }
            if (!isFile || (name!.Length == 0 && _body.Length == start)) // the latter is a file input that was left empty
                continue;
            if (_files.Count == maxFiles)
                throw new RefusedException(Refusal.TooLarge, $"expected at most {maxFiles} files, got more");
            _files.Add((start.._body.Length, $"file {_files.Count + 1} ('{name}')"));

            Task<int> ReadAsync(CancellationToken token) => part.Body.ReadAsync(_body.Room(1), token).AsTask();
        }
        if (_files.Count == 0)
            throw new RefusedException(Refusal.Malformed, "expected at least one file part (a part with a file name), got none");
    }

    /// <summary>The part's file name, fit to be repeated in an error; null where it is no file.</summary>
    private static string? FileNameOf(MultipartSection part)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
            return null;
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return name.HasValue ? Quote.Of(HeaderUtilities.RemoveQuotes(name).Value) : null;
    }

    /// <summary>Whether the form itself is at fault, rather than the connection or a limit.</summary>
    private static bool IsDamage(Exception error) => error switch
    {
        BadHttpRequestException or ConnectionResetException => false,
        InvalidDataException or IOException or FormatException or NotSupportedException => true,
        _ => false,
    };

    private static RefusedException Damaged(Exception error) => new(Refusal.Malformed, "the multipart form is damaged: "
        + (error is IOException ? "it ends early, or its parts do not begin with its boundary" : error.Message), error);
}
