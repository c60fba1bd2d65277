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
    public static object Resolve(string module, string name) => (module, name) switch
    {
        ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => Global.Reconstruct,
        ("numpy.core.multiarray" or "numpy._core.multiarray", "scalar") => Global.Scalar,
        ("numpy.core.numeric" or "numpy._core.numeric", "_frombuffer") => Global.FromBuffer,
        ("numpy", "ndarray") => Global.NdArray,
        ("numpy", "dtype") => Global.Dtype,
        ("_codecs", "encode") => Global.CodecsEncode, // how Python 3 writes bytes in protocols 0 to 2
        ("collections", "OrderedDict") => Global.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => Global.RebuildTensor,
        ("torch._utils", "_rebuild_parameter") => Global.RebuildParameter,
        ("torch", "FloatStorage") => new StorageType(name, FloatFormat.Float32),
        ("torch", "DoubleStorage") => new StorageType(name, FloatFormat.Float64),
        ("torch", "HalfStorage") => new StorageType(name, FloatFormat.Float16),
        ("torch", "BFloat16Storage") => new StorageType(name, FloatFormat.BFloat16),
        ("torch", "LongStorage" or "IntStorage" or "ShortStorage" or "CharStorage" or "ByteStorage" or "BoolStorage") =>
            new StorageType(name, null),
        _ => throw new WeightsFormatException(
            $"the pickle asks for {module}.{name}; only arrays are read, and nothing was run{WaysIn.ForModule(module)}"),
    };

    /// <summary>What the functions would build from these arguments.</summary>
    public object Call(object? function, object?[] arguments) => (function, arguments) switch
    {
        (Global.Reconstruct, [Global.NdArray, object?[], _]) => new ArrayValue(),
        (Global.FromBuffer, [ReadOnlyMemory<byte> data, TypeValue type, object?[] shape, string order]) =>
            Decode(new ArrayValue(), shape, type.Type, order == "F", data),
        (Global.Dtype, [string text, ..]) => new TypeValue(NumpyType.Parse(text)),
        (Global.Scalar, [TypeValue, ..]) => new ArrayValue { Other = "a numpy scalar" },
        (Global.CodecsEncode, [string text, "latin1" or "latin-1"]) => Latin1(text),
        (Global.OrderedDict, []) => new Dictionary<string, object?>(StringComparer.Ordinal),
        (Global.OrderedDict, [List<object?> items]) => Ordered(items),
        (Global.RebuildTensor, [Storage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            View(storage, offset, Sizes(shape), Sizes(strides)),
        (Global.RebuildParameter, [ArrayValue array, ..]) => array,
        _ => throw new WeightsFormatException(
            $"the pickle calls {PickleValues.Describe(function)} in a way that arrays do not need; nothing was run"),
    };

    public void Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (ArrayValue { IsFinished: false } array, object?[] and [long, object?[] shape, TypeValue type, bool or long, var data]):
                var isFortran = ((object?[])state!)[3] is true or 1L;
                if (data is ReadOnlyMemory<byte> or string)
                    Decode(array, shape, type.Type, isFortran, data is string text ? Latin1(text) : (ReadOnlyMemory<byte>)data);
                else
                    array.Other = "an array of objects";
                break;
            case (TypeValue type, object?[] and [long, string order, ..]):
                type.Type = type.Type with { IsBigEndian = order == ">" };
                break;
            case (Dictionary<string, object?>, Dictionary<string, object?>): // attributes of a state_dict, such as its version
                break;
            default:
                throw new WeightsFormatException(
                    $"the pickle sets the state of {PickleValues.Describe(target)} in a way that arrays do not need; nothing was run");
        }
    }

    /// <summary>What torch writes in place of a storage: ('storage', type, key, device, numbers).</summary>
    public Storage Load(object?[] id) => (load, id) switch
    {
        ({ } find, ["storage", StorageType type, string key, _, long count]) => find(type, key, count),
        _ => throw new WeightsFormatException("the pickle refers to data outside itself, which only PyTorch's archives have"),
    };

    private ArrayValue View(Storage storage, long offset, long[] shape, long[] strides)
    {
        if (storage.Type.Format is not { } format)
            return new ArrayValue { Other = $"a tensor of {storage.Type.Name}" };
        if (shape.Length != strides.Length)
            throw new WeightsFormatException($"expected a stride for each of {shape.Length} dimensions, got {strides.Length}");
        // A stride of 0 makes much of little.
        budget.Spend((long)Math.Min(shape.Aggregate(1.0, (product, size) => product * Math.Max(size, 0)) * format.Bytes(),
            long.MaxValue / 2));
        return new ArrayValue { Array = TensorDecoder.Decode(shape, format, storage.IsBigEndian, storage.Bytes.Span, strides, offset) };
    }

    private ArrayValue Decode(ArrayValue array, object?[] shape, NumpyType type, bool isFortran, ReadOnlyMemory<byte> data)
    {
        budget.Spend(data.Length);
        if (type.Format is { } format)
            array.Array = TensorDecoder.Decode(Sizes(shape), format, type.IsBigEndian, isFortran, data.Span);
        else
            array.Other = $"numpy's type {type.Name}";
        return array;
    }

    private static Dictionary<string, object?> Ordered(List<object?> items)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            IReadOnlyList<object?>? pair = item is List<object?> list ? list : item as object?[];
            if (pair is not { Count: 2 })
                throw new WeightsFormatException($"expected pairs of a name and a value, got {PickleValues.Describe(item)}");
            dictionary[PickleMachine.Key(pair[0])] = pair[1];
        }
        return dictionary;
    }

    private ReadOnlyMemory<byte> Latin1(string text)
    {
        budget.Spend(text.Length);
        return Encoding.GetEncoding("latin1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetBytes(text);
    }

    private static long[] Sizes(object?[] shape) =>
    [
        .. shape.Select(size => size is long number
            ? number
            : throw new WeightsFormatException($"expected a shape of whole numbers, got {PickleValues.Describe(size)}")),
    ];
}
