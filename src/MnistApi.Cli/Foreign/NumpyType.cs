using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign;

/// <summary>What numpy calls a dtype, such as &lt;f4: byte order, kind, bytes.</summary>
/// <param name="Name">Without the byte order.</param>
/// <param name="IsBigEndian">The most significant byte comes first.</param>
internal sealed record NumpyType(string Name, bool IsBigEndian)
{
    /// <summary>Null for what is no float: such arrays are passed over.</summary>
    public FloatFormat? Format => Name switch
    {
        "f2" => FloatFormat.Float16,
        "f4" => FloatFormat.Float32,
        "f8" => FloatFormat.Float64,
        _ => null,
    };

    public static NumpyType Parse(string text) => new(text.TrimStart('<', '>', '=', '|'), text.StartsWith('>'));
}
