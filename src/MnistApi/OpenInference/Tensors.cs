namespace MnistApi.OpenInference;

/// <summary>A tensor as metadata describes it; -1 is a dimension of any size.</summary>
internal sealed record TensorInfo(string Name, Datatype Datatype, long[] Shape);

/// <summary>The tensors that the model takes and gives, the same for REST and gRPC.</summary>
internal static class Tensors
{
    public const string Pixels = "pixels";
    public const string Image = "image";
    public const string Probabilities = "probabilities";
    public const string Logits = "logits";
    public const string Digit = "digit";

    public const string Platform = "mnistapi_dense";

    private const string Classification = "classification";

    public static readonly string[] RestExtensions = ["binary_tensor_data", Classification];

    public static readonly string[] GrpcExtensions = [Classification];

    public static readonly TensorInfo[] Inputs =
    [
        new(Pixels, Datatype.UInt8, [-1, MnistImage.Pixels]),
        new(Image, Datatype.Bytes, [-1]),
    ];

    /// <summary>In the order in which all of them are answered.</summary>
    public static readonly TensorInfo[] Outputs =
    [
        new(Probabilities, Datatype.Fp32, [-1, MnistImage.Classes]),
        new(Logits, Datatype.Fp32, [-1, MnistImage.Classes]),
        new(Digit, Datatype.Int64, [-1]),
    ];
}
