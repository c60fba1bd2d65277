using System.Text;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>
/// What the names in a pickle mean: those of numpy's arrays, of torch's tensors and of ordered dictionaries. Any other is refused.
/// </summary>
/// <param name="budget">Paid for each array.</param>
/// <param name="load">Finds a storage by what torch writes of it; null outside torch's archives.</param>
internal sealed class PickleGlobals(Budget budget, Func<StorageType, string, long, Storage>? load = null)
{
    /// <summary>What each name builds from arguments, by the reader's own meaning of it; null for arguments it does not take.</summary>
    private static readonly Dictionary<string, Global> s_known = new Global[]
    {
        new("numpy.core.multiarray._reconstruct", (_, call) =>
            call is [Global { Name: "numpy.ndarray" }, object?[], _] ? new ArrayValue() : null),
        new("numpy.core.multiarray.scalar", (_, call) => call is [NumpyType, ..] ? new ArrayValue { Content = "a numpy scalar" } : null),
        new("numpy.core.numeric._frombuffer", (globals, call) =>
            call is [ReadOnlyMemory<byte> data, NumpyType type, object?[] shape, string order]
                ? globals.Decode(new ArrayValue(), shape, type, order == "F", data)
                : null),
        new("numpy.ndarray", (_, _) => null),
        new("numpy.dtype", (_, call) => call is [string text, ..] ? new NumpyType(text) : null),
        // how Python 3 writes bytes in protocols 0 to 2
        new("_codecs.encode", (globals, call) => call is [string text, "latin1" or "latin-1"] ? globals.Latin1(text) : null),
        new("collections.OrderedDict", (_, call) =>
            call is [] ? Ordered([]) : call is [List<object?> items] ? Ordered(items) : null),
        new("torch._utils._rebuild_tensor", (globals, call) => globals.View(call)),
        new("torch._utils._rebuild_tensor_v2", (globals, call) => globals.View(call)),
        new("torch._utils._rebuild_parameter", (_, call) => call is [ArrayValue array, ..] ? array : null),
    }.ToDictionary(global => global.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, FloatFormat?> s_floats = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = FloatFormat.Float32,
        ["torch.DoubleStorage"] = FloatFormat.Float64,
        ["torch.HalfStorage"] = FloatFormat.Float16,
        ["torch.BFloat16Storage"] = FloatFormat.BFloat16,
    };

    /// <param name="path">A module and a name in it.</param>
    public static object Resolve(object?[] path)
    {
        var name = string.Join('.', path);
        if (s_known.TryGetValue(name.Replace("numpy._core.", "numpy.core.", StringComparison.Ordinal), out var global)) // numpy 2's
            return global;
        return name.StartsWith("torch.", StringComparison.Ordinal) && name.EndsWith("Storage", StringComparison.Ordinal)
            ? new StorageType(name, s_floats.GetValueOrDefault(name))
            : throw new WeightsFormatException(
                $"the pickle asks for {name}; only arrays are read, and nothing was run{WaysIn.ForModule(name)}");
    }

    /// <summary>What a function would build.</summary>
    /// <param name="call">The function and its arguments.</param>
    public object Call(object?[] call) => call is [Global function, object?[] arguments] && function.Call(this, arguments) is { } result
        ? result
        : throw new WeightsFormatException(
            $"the pickle calls {PickleValues.Describe(call[0])} in a way that arrays do not need; nothing was run");

    public void Build(object? state, object? target)
    {
        switch (target, state)
        {
            case (ArrayValue { Content: null } array, object?[] and [long, object?[] shape, NumpyType type, var isFortran, var data]):
                if (data is ReadOnlyMemory<byte> or string)
                    Decode(array, shape, type, isFortran is true or 1L, data as ReadOnlyMemory<byte>? ?? Latin1((string)data));
                else
                    array.Content = "an array of objects";
                break;
            case (NumpyType type, object?[] and [long, string order, ..]):
                type.IsBigEndian = order == ">";
                break;
            case (Dictionary<string, object?>, Dictionary<string, object?>): // attributes of a state_dict, such as its version
                break;
            default:
                throw new WeightsFormatException(
                    $"the pickle sets the state of {PickleValues.Describe(target)} in a way that arrays do not need; nothing was run");
        }
    }

    /// <summary>What torch writes in place of a storage: ('storage', type, key, device, numbers).</summary>
    public Storage Load(object? id) => load is not null && id is object?[] and ["storage", StorageType type, string key, _, long count]
        ? load(type, key, count)
        : throw new WeightsFormatException("the pickle refers to data outside itself, which only PyTorch's archives have");

    private ArrayValue? View(object?[] call)
    {
        if (call is not [Storage storage, long offset, object?[] sizes, object?[] steps, ..])
            return null;
        if (storage.Type.Format is not { } format)
            return new ArrayValue { Content = $"a tensor of {storage.Type.Name}" };
        var (shape, strides) = (Sizes(sizes), Sizes(steps));
        if (shape.Length != strides.Length)
            throw new WeightsFormatException($"expected a stride for each of {shape.Length} dimensions, got {strides.Length}");
        // A stride of 0 makes much of little.
        var numbers = shape.Aggregate(1.0, (product, size) => product * Math.Max(size, 0));
        budget.Spend((long)Math.Min(numbers * format.Bytes(), long.MaxValue / 2));
        return new ArrayValue { Content = TensorDecoder.Decode(shape, format, storage.IsBigEndian, storage.Bytes.Span, strides, offset) };
    }

    private ArrayValue Decode(ArrayValue array, object?[] shape, NumpyType type, bool isFortran, ReadOnlyMemory<byte> data)
    {
        budget.Spend(data.Length);
        array.Content = type.Format is not { } format ? $"numpy's type {type.Name}"
            : TensorDecoder.Decode(Sizes(shape), format, type.IsBigEndian, isFortran, data.Span);
        return array;
    }

    /// <summary>A dictionary of pairs, each a list or a tuple.</summary>
    private static Dictionary<string, object?> Ordered(List<object?> items) =>
        PickleMachine.SetItems([.. items.SelectMany(item => item is IReadOnlyList<object?> { Count: 2 } pair ? pair
            : throw new WeightsFormatException($"expected pairs of a name and a value, got {PickleValues.Describe(item)}"))]);

    private ReadOnlyMemory<byte> Latin1(string text)
    {
        budget.Spend(text.Length);
        return Encoding.GetEncoding("latin1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetBytes(text);
    }

    private static long[] Sizes(object?[] shape) => [.. shape.Select(size => size as long?
        ?? throw new WeightsFormatException($"expected a shape of whole numbers, got {PickleValues.Describe(size)}"))];
}
