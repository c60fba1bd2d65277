namespace MnistApi.OpenInference;

/// <summary>The request's input as its message describes it, and where its data is.</summary>
internal sealed class InputTensor
{
    public const string BinarySizeKey = "binary_data_size";

    public string? Name { get; set; }

    public string? DatatypeName { get; set; }

    public long[]? Shape { get; set; }

    /// <summary>Where its data is in the JSON, if there: a whole array.</summary>
    public Range? JsonData { get; set; }

    /// <summary>How many bytes it has after the JSON, if there.</summary>
    public long? BinarySize { get; set; }

    /// <summary>Whether the bytes are one picture's file as it is.</summary>
    public bool IsWholeFile { get; set; }

    public Datatype Datatype { get; private set; }

    public bool IsImage => Name == Tensors.Image;

    public string ShapeText => $"[{string.Join(',', Shape!)}]";

    public void Set(string parameter, Parameter value)
    {
        if (parameter != BinarySizeKey)
            return;
        if (value.Number is not { } size || size < 0 || size != Math.Floor(size))
            throw Malformed($"parameter '{BinarySizeKey}' is {value}, expected a number of bytes");
        BinarySize = (long)size;
    }

    /// <summary>Checks all, and counts the images: if the first dimension is -1, as many as there are elements or raw bytes for.</summary>
    public int CheckedImages(LimitOptions limits, int elements = 0, ReadOnlySpan<byte> raw = default)
    {
        if (Name is not (Tensors.Pixels or Tensors.Image))
            throw RefusedException.Malformed($"there is no input '{Quote.Of(Name)}', expected '{Tensors.Pixels}' or '{Tensors.Image}'");
        if (Datatypes.Of(DatatypeName) is not { } datatype)
        {
            throw Malformed($"datatype is {(DatatypeName is null ? "missing" : $"'{Quote.Of(DatatypeName)}'")}, "
                + $"expected one of {string.Join(", ", Datatypes.Names)}");
        }
        if (IsImage && datatype != Datatype.Bytes)
            throw Malformed($"datatype is {DatatypeName}, expected BYTES");
        if (!IsImage && datatype == Datatype.Bytes)
            throw Malformed($"datatype is BYTES, expected numbers such as UINT8 or FP32; PNG and JPEG files go into '{Tensors.Image}'");
        Datatype = datatype;
        if (Shape is null)
            throw Malformed("shape is missing");
        if (Shape is [-1, ..])
        {
            if (!raw.IsEmpty)
                elements = IsImage ? PictureElements.Count(raw) : raw.Length / TensorValues.Size(datatype);
            if ((IsImage ? elements : elements / MnistImage.Pixels) is > 0 and var images)
                Shape[0] = images;
        }
        // dimensions of one mean nothing, be they channels or rows of a single column
        long[] image = [.. Shape.Skip(1).Where(size => size != 1)];
        if (Shape.Length == 0 || !(IsImage ? image is [] : image is [MnistImage.Pixels] or [MnistImage.Height, MnistImage.Width]))
            throw Malformed($"expected {Expected}, got {(Shape.Length > 8 ? $"{Shape.Length} dimensions" : ShapeText)}");
        if (Shape[0] < 1)
            throw Malformed($"expected one image or more, got shape {ShapeText}");
        if (Shape[0] > limits.Instances)
            throw new RefusedException(Refusal.TooLarge, $"input '{Name}': expected at most {limits.Instances} images, got {Shape[0]}");
        return (int)Shape[0];
    }

    /// <summary>An error about this input.</summary>
    public RefusedException Malformed(string detail) => new(Refusal.Malformed, $"input '{Quote.Of(Name)}': {detail}");

    private string Expected => IsImage
        ? "[-1] or [-1,1]"
        : $"[-1,{MnistImage.Pixels}], [-1,{MnistImage.Height},{MnistImage.Width}] or [-1,1,{MnistImage.Height},{MnistImage.Width}]";
}
