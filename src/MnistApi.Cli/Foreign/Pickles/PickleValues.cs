using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>A name of Python's that the reader knows, by its own meaning of it. Nothing is ever run.</summary>
/// <param name="Name">With its module.</param>
/// <param name="Call">What it builds from arguments; null for arguments that it does not take.</param>
internal sealed record Global(string Name, Func<PickleGlobals, object?[], object?> Call);

/// <summary>An array: unfinished at first, then with its floats in a tensor, or with the name of a type that is passed over.</summary>
internal sealed class ArrayValue
{
    public object? Content { get; set; }
}

/// <summary>A class of torch's that stands for a number format.</summary>
/// <param name="Name">Such as torch.FloatStorage.</param>
/// <param name="Format">Null for what is no float.</param>
internal sealed record StorageType(string Name, FloatFormat? Format);

/// <summary>The bytes that tensors of torch's are views of.</summary>
internal sealed record Storage(StorageType Type, bool IsBigEndian, ReadOnlyMemory<byte> Bytes);

internal static class PickleValues
{
    public static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a string",
        ReadOnlyMemory<byte> => "bytes",
        long or double or bool => FormattableString.Invariant($"the number {value}"),
        List<object?> => "a list",
        object?[] => "a tuple",
        Dictionary<string, object?> => "a dictionary",
        ArrayValue { Content: Tensor array } => $"an array {array.ShapeText}",
        ArrayValue { Content: string other } => other,
        ArrayValue => "an unfinished array",
        NumpyType => "a numpy type",
        Global global => $"the name {global.Name}",
        _ => "something else",
    };
}
