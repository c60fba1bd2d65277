using MnistApi.Imaging;

namespace MnistApi.OpenInference;

/// <summary>What an inference request asks beside its data, over REST and gRPC alike.</summary>
internal sealed class InferRequest
{
    public const string ScaleKey = "scale";
    public const string WarningKey = "warning";
    public const string PreprocessKey = "preprocess";
    public const string BinaryOutputKey = "binary_data_output";

    private readonly List<RequestedOutput> _requested = [];

    /// <summary>The client's own name for the request, which comes back.</summary>
    public string? Id { get; set; }

    public InputTensor Input { get; } = new();

    /// <summary>What pixels are divided by, where the request says it.</summary>
    public int? Scale { get; private set; }

    public Preprocess Preprocess { get; private set; }

    /// <summary>Whether outputs that do not say otherwise are answered in binary.</summary>
    public bool IsBinaryByDefault { get; set; }

    /// <summary>The outputs to answer; all of them where the request names none.</summary>
    public IEnumerable<RequestedOutput> Outputs =>
        _requested.Count > 0 ? _requested : Tensors.Outputs.Select(tensor => new RequestedOutput(tensor));

    public bool WantsLogits => _requested.Count == 0 || _requested.Exists(output => output.Tensor.Name == Tensors.Logits);

    /// <summary>What the answer says its pixels were divided by; nothing for pictures.</summary>
    public int? ScaleOf(PixelBatch pixels) => Input.IsImage ? null : pixels.Scale;

    /// <summary>What the answer warns of; nothing for pictures.</summary>
    public string? WarningOf(PixelBatch pixels) => Input.IsImage ? null : InvertedPixels.Warning(pixels);

    /// <summary>Takes a parameter of the request. Those that mean nothing here are for other servers, and passed over.</summary>
    public void Set(string name, Parameter value)
    {
        switch (name)
        {
            case ScaleKey:
                if (value.Number is not (1 or MnistImage.FullInk))
                {
                    throw Malformed($"parameter '{ScaleKey}' is {value}, "
                        + $"expected 1 (pixels in 0..1) or {MnistImage.FullInk} (pixels in 0..{MnistImage.FullInk})");
                }
                Scale = (int)value.Number;
                break;
            case PreprocessKey:
                Preprocess = value.Text switch
                {
                    "auto" => Preprocess.Auto,
                    "none" => Preprocess.None,
                    _ => throw Malformed($"parameter '{PreprocessKey}' is {value}, expected \"auto\" or \"none\""),
                };
                break;
            case BinaryOutputKey:
                IsBinaryByDefault = value.Flag ?? throw Malformed($"parameter '{BinaryOutputKey}' is {value}, expected true or false");
                break;
            default:
                break;
        }
    }

    public void Add(RequestedOutput output)
    {
        if (_requested.Exists(other => other.Tensor == output.Tensor))
            throw Malformed($"output '{output.Tensor.Name}' is asked for twice");
        _requested.Add(output);
    }
}

/// <summary>One output that a request asks for.</summary>
/// <param name="Tensor">Which.</param>
/// <param name="IsBinary">Whether as bytes after the JSON; null where the request's default decides.</param>
/// <param name="Classes">With the classification extension, how many of the best classes to answer as text; else 0.</param>
internal readonly record struct RequestedOutput(TensorInfo Tensor, bool? IsBinary = null, int Classes = 0)
{
    public const string BinaryKey = "binary_data";
    public const string ClassificationKey = "classification";

    public static RequestedOutput Of(string? name)
    {
        var names = Tensors.Outputs.Select(tensor => tensor.Name);
        var found = Array.Find(Tensors.Outputs, tensor => tensor.Name == name);
        return new(found ?? throw Malformed($"there is no output '{Quote.Of(name)}', expected '{string.Join("', '", names)}'"));
    }

    public RequestedOutput With(string parameter, Parameter value) => parameter switch
    {
        BinaryKey => this with { IsBinary = value.Flag ?? throw MalformedParameter(BinaryKey, value, "true or false") },
        ClassificationKey => this with { Classes = CheckedClasses(value) },
        _ => this,
    };

    private int CheckedClasses(Parameter value)
    {
        if (Tensor.Datatype != Datatype.Fp32)
        {
            throw Malformed($"output '{Tensor.Name}' has no classes to choose from; "
                + $"'{ClassificationKey}' is for '{Tensors.Probabilities}' and '{Tensors.Logits}'");
        }
        if (value.Number is not { } count || count < 1 || count != Math.Floor(count))
            throw MalformedParameter(ClassificationKey, value, $"how many classes, 1 to {MnistImage.Classes}");
        return (int)Math.Min(count, MnistImage.Classes);
    }

    private RefusedException MalformedParameter(string name, Parameter value, string expected) =>
        Malformed($"output '{Tensor.Name}': parameter '{name}' is {value}, expected {expected}");
}

/// <summary>A parameter's value: one of the three, or none where it is something else.</summary>
internal readonly record struct Parameter(double? Number = null, string? Text = null, bool? Flag = null)
{
    public override string ToString() =>
        Number is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : Text is not null ? $"\"{Quote.Of(Text)}\""
        : Flag is { } flag ? flag ? "true" : "false"
        : "neither a number, a text nor a truth value";
}
