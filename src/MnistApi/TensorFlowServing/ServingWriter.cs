using MnistApi.Predict;

namespace MnistApi.TensorFlowServing;

/// <summary>Writes the answer to POST /v1/models/{model}:predict: probabilities alone.</summary>
internal sealed class ServingWriter : IAnswerWriter<ServingReader, HttpAnswer>
{
    private const int MaxFrame = 48;
    private const int MaxRow = MnistImage.Classes * (JsonFloats.MaxLength + 1) + 3;

    public HttpAnswer Write(ServingReader request, RequestImages images, Scores scores)
    {
        var warning = InvertedPixels.Warning(images.Pixels);
        var buffer = new AnswerBuffer(MaxFrame + scores.Images * MaxRow + (warning?.Length ?? 0));
        buffer.Append(request.IsInputs ? "{\"outputs\":["u8 : "{\"predictions\":["u8);
        for (var image = 0; image < scores.Images; image++)
        {
            if (image > 0)
                buffer.Append(',');
            buffer.AppendProbabilities(scores.Probabilities.Slice(image * MnistImage.Classes, MnistImage.Classes));
        }
        buffer.Append(warning is null ? "]}" : $"],\"warnings\":[\"{warning}\"]}}");
        return buffer.ToAnswer();
    }
}
