using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using MnistApi.Inference;
using MnistApi.Overload;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>Reads a request to POST /predict: one PNG or JPEG, files in a form, JSON or raw bytes.</summary>
internal sealed class PredictReader(PredictQuery query, LimitOptions limits) : IRequestReader
{
    private const string Jpg = "image/jpg"; // not registered, and sent all the same

    private string? _type;
    private Body? _body;
    private FormFiles? _form;

    public PredictQuery Query => query;

    public bool IsJson => _type == MediaTypeNames.Application.Json;

    public async ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation)
    {
        _type = MediaTypeOf(request.ContentType);
        switch (_type)
        {
            case MediaTypeNames.Multipart.FormData:
                _form = await FormFiles.ReceiveAsync(request, limits, budget, cancellation);
                return _form.Length;
            case MediaTypeNames.Image.Png or MediaTypeNames.Image.Jpeg or Jpg:
            case MediaTypeNames.Application.Json or MediaTypeNames.Application.Octet:
                _body = await BodyReader.ReadAsync(request, limits.BodyBytes, budget, cancellation);
                return _body.Length;
            default:
                var got = string.IsNullOrEmpty(request.ContentType) ? "none" : $"'{Quote.Of(request.ContentType)}'";
                throw new RefusedException(Refusal.UnsupportedMediaType,
                    $"expected the content type {MediaTypeNames.Image.Png}, {MediaTypeNames.Image.Jpeg}, "
                    + $"{MediaTypeNames.Multipart.FormData}, "
                    + $"{MediaTypeNames.Application.Json} or {MediaTypeNames.Application.Octet}, got {got}");
        }
    }

    public void Read(RequestImages images)
    {
        images.Preprocess = query.Preprocess;
        images.ExpectsNumbers = query.ExpectsNumbers;
        if (_form is not null)
            _form.AddTo(images);
        else if (_type is MediaTypeNames.Image.Png or MediaTypeNames.Image.Jpeg or Jpg)
            images.AddPicture(_body!.Memory, place: null);
        else if (IsJson)
            InstancesReader.Read(_body!.Memory.Span, limits.Instances, images);
        else
            ReadRaw(_body!.Memory.Span, images.Pixels);
        if (query.ExpectsNumbers && images.Pictures < images.Pixels.Count)
        {
            throw new RefusedException(Refusal.Malformed, $"expected pictures with {PredictQuery.ExpectKey}=number, got pixels, which are "
                + $"one digit an image: leave {PredictQuery.ExpectKey} out");
        }
    }

    public void Dispose()
    {
        _body?.Dispose();
        _form?.Dispose();
    }

    /// <summary>The content type without parameters, one of the constants where it is one of these.</summary>
    private static string? MediaTypeOf(string? contentType) => contentType switch
    {
        // as nearly all clients write them: nothing to parse
        MediaTypeNames.Application.Json or MediaTypeNames.Image.Png or MediaTypeNames.Application.Octet => contentType,
        _ => MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null,
    };

    private void ReadRaw(ReadOnlySpan<byte> body, PixelBatch pixels)
    {
        var images = body.Length / MnistImage.Pixels;
        if (images == 0 || body.Length % MnistImage.Pixels != 0)
        {
            throw new RefusedException(Refusal.Malformed,
                $"expected {MnistImage.Pixels} bytes an image, one image or more, got {body.Length} bytes");
        }
        if (images > limits.Instances)
            throw new RefusedException(Refusal.TooLarge, $"expected at most {limits.Instances} images, got {images}");
        body.CopyTo(pixels.AddBytes(images));
    }
}
