namespace MnistApi.TensorFlowServing;

/// <summary>POST /v1/models/{model}:predict, of TensorFlow Serving and KServe V1: probabilities alone.</summary>
internal sealed class ServingExchange(LimitOptions limits) : Exchange<HttpAnswer>(limits)
{
    private const int MaxFrame = 48;
    private const int MaxRow = MnistImage.Classes * (JsonFloats.MaxLength + 1) + 3;

    private bool _isInputs; // so the answer is called "outputs"

    public override void Read(RequestImages images) =>
        _isInputs = InstancesReader.Read(Received.Span, Limits.Instances, images, isServing: true).IsInputs;

    public override HttpAnswer Write(LoadedModel model, RequestImages images, Scores scores)
    {
        var warning = InvertedPixels.Warning(images.Pixels);
        var buffer = new AnswerBuffer(MaxFrame + scores.Images * MaxRow + (warning?.Length ?? 0));
        buffer.Append(_isInputs ? "{\"outputs\":["u8 : "{\"predictions\":["u8);
        for (var image = 0; image < scores.Images; image++)
        {
            if (image > 0)
                buffer.Append(',');
            buffer.AppendProbabilities(scores.Of(image));
        }
        buffer.Append(warning is null ? "]}" : $"],\"warnings\":[\"{warning}\"]}}");
        return buffer.ToAnswer();
    }
}
