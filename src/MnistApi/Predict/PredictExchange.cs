using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using MnistApi.Imaging;
using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>
/// POST /predict: one PNG or JPEG, files in a form, JSON or raw bytes. Where the content type says something else, or nothing, the first
/// bytes decide.
/// </summary>
internal sealed class PredictExchange(PredictQuery query, LimitOptions limits, PredictExtras extras) : Exchange<HttpAnswer>(limits)
{
    private enum Kind
    {
        Form,
        Picture,
        Json,
        Pixels,
    }

    private Kind _kind;
    private List<(ReadOnlyMemory<byte> File, string Place)> _files = [];

    public override async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        var type = MediaTypeOf(request.ContentType);
        var boundary = type == MediaTypeNames.Multipart.FormData ? FormFiles.BoundaryOf(request.ContentType) : null;
        var length = await base.ReceiveAsync(request, budget, cancellation);
        if (boundary is null)
            _kind = KindOf(type, Received.Span) ?? throw Unsupported(request.ContentType, Received.Span);
        else
            _files = await FormFiles.FindAsync(Received, boundary, Limits);
        return length;
    }

    public override void Read(RequestImages images)
    {
        images.Preprocess = query.Preprocess;
        images.ExpectsNumbers = query.ExpectsNumbers;
        switch (_kind)
        {
            case Kind.Form:
                foreach (var (file, place) in _files)
                    images.AddPicture(file, place);
                break;
            case Kind.Picture:
                images.AddPicture(Received, place: null);
                break;
            case Kind.Json:
                InstancesReader.Read(Received.Span, Limits.Instances, images);
                break;
            default:
                ReadRaw(Received.Span, images.Pixels);
                break;
        }
        if (query.ExpectsNumbers && images.Pictures < images.Pixels.Count)
        {
            throw Malformed($"expected pictures with {PredictQuery.ExpectKey}=number, got pixels, which are "
                + $"one digit an image: leave {PredictQuery.ExpectKey} out");
        }
    }

    public override HttpAnswer Write(LoadedModel model, RequestImages images, Scores scores)
    {
        var members = extras.WriteAll(images, query);
        if (query.ExpectsNumbers)
            return PredictWriter.WriteNumbers(model.Name, images.Numbers, scores, members);
        int? scale = _kind == Kind.Json ? images.Pixels.Scale : null;
        return PredictWriter.Write(model.Name, scores.Probabilities, scale, members, InvertedPixels.Warning(images.Pixels));
    }

    /// <summary>The content type without parameters, one of the constants where it is one of these.</summary>
    private static string? MediaTypeOf(string? contentType) => contentType switch
    {
        // as nearly all clients write them: nothing to parse
        MediaTypeNames.Application.Json or MediaTypeNames.Image.Png or MediaTypeNames.Application.Octet => contentType,
        _ => MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null,
    };

    private static Kind? KindOf(string? type, ReadOnlySpan<byte> body)
    {
        if (DigitReader.IsPicture(body) || type is MediaTypeNames.Image.Png or MediaTypeNames.Image.Jpeg || body.StartsWith("data:"u8))
            return Kind.Picture;
        if (type == MediaTypeNames.Application.Json || (type?.EndsWith("+json", StringComparison.Ordinal) ?? false))
            return Kind.Json;
        if (type == MediaTypeNames.Application.Octet)
            return Evident.BeginsAsJson(body) && body.TrimEnd(" \t\r\n"u8) is [.., (byte)'}' or (byte)']'] ? Kind.Json : Kind.Pixels;
        if (Evident.BeginsAsJson(body))
            return Kind.Json;
        return type?.StartsWith("image/", StringComparison.Ordinal) == true && Evident.NameOf(body) is not null ? Kind.Picture : null;
    }

    private static RefusedException Unsupported(string? type, ReadOnlySpan<byte> body)
    {
        var got = string.IsNullOrEmpty(type) ? "none" : $"'{Quote.Of(type)}'";
        var name = body.IsEmpty ? null : Evident.NameOf(body);
        return new RefusedException(Refusal.UnsupportedMediaType,
            $"expected the content type {MediaTypeNames.Image.Png}, {MediaTypeNames.Image.Jpeg}, {MediaTypeNames.Multipart.FormData}, "
            + $"{MediaTypeNames.Application.Json} or {MediaTypeNames.Application.Octet}, got {got}{(name is null ? "" : $" with {name}")}");
    }

    private void ReadRaw(ReadOnlySpan<byte> body, PixelBatch pixels)
    {
        Evident.RequireBytes(body);
        var images = body.Length / MnistImage.Pixels;
        if (images == 0 || body.Length % MnistImage.Pixels != 0)
            throw Malformed($"expected {MnistImage.Pixels} bytes an image, one image or more, got {body.Length} bytes");
        if (images > Limits.Instances)
            throw new RefusedException(Refusal.TooLarge, $"expected at most {Limits.Instances} images, got {images}");
        body.CopyTo(pixels.AddBytes(images));
    }
}
