using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>What numpy calls a dtype, such as &lt;f4: byte order, kind, bytes. A pickle may set the order later.</summary>
/// <param name="text">Perhaps with the byte order before it.</param>
internal sealed class NumpyType(string text)
{
    public string Name { get; } = text.TrimStart('<', '>', '=', '|');

    public bool IsBigEndian { get; set; } = text.StartsWith('>');

    /// <summary>Null for what is no float: such arrays are passed over.</summary>
    public FloatFormat? Format => Name switch
    {
        "f2" => FloatFormat.Float16,
        "f4" => FloatFormat.Float32,
        "f8" => FloatFormat.Float64,
        _ => null,
    };
}
