using System.Buffers.Binary;
using System.Text;

namespace MnistApi.Cli.Numpy;

/// <summary>
/// Reads pickles (protocols 2 to 5) of a dictionary of numpy arrays. A pickle is a program for a stack machine that
/// may ask for any Python function and call it. This reader runs none: it knows the five names under which
/// numpy writes arrays, builds their values itself, and refuses a pickle that asks for any other name.
/// </summary>
public static class PickleReader
{
    /// <summary>The arrays by name.</summary>
    /// <exception cref="NumpyFormatException">The bytes are no pickle of a dictionary of numpy arrays, or ask for anything else.</exception>
    public static IReadOnlyDictionary<string, NumpyArray> Read(ReadOnlyMemory<byte> pickle)
    {
        var top = new Machine(pickle).Run();
        if (top is not Dictionary<string, object?> dictionary)
            throw new NumpyFormatException($"expected the pickle to hold a dictionary of arrays, got {Describe(top)}");
        var arrays = new Dictionary<string, NumpyArray>(StringComparer.Ordinal);
        foreach (var (name, value) in dictionary)
        {
            arrays[name] = value is ArrayState { Array: { } array }
                ? array
                : throw new NumpyFormatException($"expected '{name}' to be a numpy array, got {Describe(value)}");
        }
        return arrays;
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a string",
        ReadOnlyMemory<byte> => "bytes",
        long or double or bool => $"the number {value}",
        List<object?> => "a list",
        object?[] => "a tuple",
        Dictionary<string, object?> => "a dictionary",
        ArrayState => "an unfinished array",
        TypeState => "a numpy type",
        Global global => $"the name {global}",
        _ => "something else",
    };

    /// <summary>The names that numpy's own arrays need, and nothing else.</summary>
    private enum Global
    {
        Reconstruct,
        FromBuffer,
        NdArray,
        Dtype,
        CodecsEncode,
    }

    private sealed class ArrayState
    {
        public NumpyArray? Array { get; set; }
    }

    private sealed class TypeState(NumpyType type)
    {
        public NumpyType Type { get; } = type;

        public bool IsBigEndian { get; set; }
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }

    private sealed class Machine(ReadOnlyMemory<byte> pickle)
    {
        private readonly Stack<object?> _stack = new();
        private readonly Dictionary<uint, object?> _memo = [];
        private int _at;
        private int _left = NumpyArray.MaxFileBytes; // a small pickle may name the same bytes again and again

        public object? Run()
        {
            if (pickle.Length < 2 || pickle.Span[0] != 0x80)
                throw new NumpyFormatException("expected a pickle of protocol 2 or later (its first byte is 80 hexadecimal)");
            while (true)
            {
                var start = _at;
                var opcode = Bytes(1)[0];
                if (opcode == '.')
                {
                    var top = Pop();
                    return _at == pickle.Length && _stack.Count == 0
                        ? top
                        : throw new NumpyFormatException($"expected the pickle to end at its STOP, byte {start}; {pickle.Length - _at} bytes and {_stack.Count} values are left over");
                }
                try
                {
                    Step(opcode, start);
                }
                catch (Exception error) when (error is OverflowException or DecoderFallbackException or EncoderFallbackException)
                {
                    throw new NumpyFormatException($"the pickle is damaged: opcode {opcode:X2} at byte {start} has a length or a text that cannot be", error);
                }
            }
        }

        private void Step(byte opcode, int start)
        {
            switch (opcode)
            {
                case 0x80: // PROTO
                    var protocol = Bytes(1)[0];
                    if (protocol is < 2 or > 5)
                        throw new NumpyFormatException($"expected a pickle protocol from 2 to 5, got {protocol}");
                    break;
                case 0x95: Bytes(8); break; // FRAME
                case (byte)'(': _stack.Push(Mark.Instance); break;
                case (byte)'0': Pop(); break; // POP

                case (byte)'N': _stack.Push(null); break;
                case 0x88: _stack.Push(true); break;
                case 0x89: _stack.Push(false); break;
                case (byte)'K': _stack.Push((long)Bytes(1)[0]); break; // BININT1
                case (byte)'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break; // BININT2
                case (byte)'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break; // BININT
                case 0x8A: _stack.Push(LongOf(Bytes(Bytes(1)[0]))); break; // LONG1
                case (byte)'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break; // BINFLOAT

                case (byte)'X': _stack.Push(Utf8(Bytes(Length32()))); break; // BINUNICODE
                case 0x8C: _stack.Push(Utf8(Bytes(Bytes(1)[0]))); break; // SHORT_BINUNICODE
                case 0x8D: _stack.Push(Utf8(Bytes(Length64()))); break; // BINUNICODE8
                case (byte)'C': _stack.Push(Memory(Bytes(1)[0])); break; // SHORT_BINBYTES
                case (byte)'B': _stack.Push(Memory(Length32())); break; // BINBYTES
                case 0x8E: // BINBYTES8
                case 0x96: _stack.Push(Memory(Length64())); break; // BYTEARRAY8

                case (byte)')': _stack.Push(Array.Empty<object?>()); break;
                case (byte)'t': _stack.Push(PopToMark()); break;
                case 0x85: _stack.Push(PopMany(1)); break;
                case 0x86: _stack.Push(PopMany(2)); break;
                case 0x87: _stack.Push(PopMany(3)); break;
                case (byte)']': _stack.Push(new List<object?>()); break;
                case (byte)'a': Append([Pop()]); break;
                case (byte)'e': Append(PopToMark()); break;
                case (byte)'}': _stack.Push(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
                case (byte)'s': SetItems(PopMany(2)); break;
                case (byte)'u': SetItems(PopToMark()); break;

                case (byte)'q': Store(Bytes(1)[0]); break; // BINPUT
                case (byte)'r': Store(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break; // LONG_BINPUT
                case 0x94: Store((uint)_memo.Count); break; // MEMOIZE
                case (byte)'h': _stack.Push(Recall(Bytes(1)[0])); break; // BINGET
                case (byte)'j': _stack.Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break; // LONG_BINGET

                case (byte)'c': _stack.Push(Resolve(Line(), Line())); break; // GLOBAL
                case 0x93: // STACK_GLOBAL
                    var name = Pop<string>();
                    _stack.Push(Resolve(Pop<string>(), name));
                    break;
                case (byte)'R': // REDUCE
                    var arguments = Pop<object?[]>();
                    _stack.Push(Call(Pop(), arguments));
                    break;
                case (byte)'b': // BUILD
                    var state = Pop<object?[]>();
                    Build(Peek(), state);
                    break;

                default:
                    throw new NumpyFormatException($"the pickle uses opcode {opcode:X2} at byte {start}, which numpy arrays in protocols 2 to 5 do not need");
            }
        }

        private static Global Resolve(string module, string name) => (module, name) switch
        {
            ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => Global.Reconstruct,
            ("numpy.core.numeric" or "numpy._core.numeric", "_frombuffer") => Global.FromBuffer,
            ("numpy", "ndarray") => Global.NdArray,
            ("numpy", "dtype") => Global.Dtype,
            ("_codecs", "encode") => Global.CodecsEncode, // how protocol 2 writes bytes
            _ => throw new NumpyFormatException($"the pickle asks for {module}.{name}; only numpy arrays are read, and nothing was run"),
        };

        /// <summary>What numpy's functions would build from these arguments.</summary>
        private object Call(object? function, object?[] arguments) => (function, arguments) switch
        {
            (Global.Reconstruct, [Global.NdArray, object?[], _]) => new ArrayState(),
            (Global.FromBuffer, [ReadOnlyMemory<byte> data, TypeState type, object?[] shape, string order]) =>
                new ArrayState { Array = Decode(shape, type, order == "F", data) },
            (Global.Dtype, [string text, ..]) => TypeOf(text),
            (Global.CodecsEncode, [string text, "latin1" or "latin-1"]) => Latin1(text),
            _ => throw new NumpyFormatException($"the pickle calls {Describe(function)} in a way that numpy arrays do not need; nothing was run"),
        };

        private static TypeState TypeOf(string text)
        {
            var (type, isBigEndian) = NumpyArray.ParseType(text);
            return new TypeState(type) { IsBigEndian = isBigEndian };
        }

        private ReadOnlyMemory<byte> Latin1(string text)
        {
            Spend(text.Length);
            return Encoding.GetEncoding("latin1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetBytes(text);
        }

        private void Spend(int bytes)
        {
            _left -= bytes;
            if (_left < 0)
                throw new NumpyFormatException($"expected arrays of at most {NumpyArray.MaxFileBytes} bytes in all, the pickle makes more");
        }

        private void Build(object? target, object?[] state)
        {
            switch (target, state)
            {
                case (ArrayState { Array: null } array, [long, object?[] shape, TypeState type, bool isFortran, ReadOnlyMemory<byte> data]):
                    array.Array = Decode(shape, type, isFortran, data);
                    break;
                case (TypeState type, [long, string order, ..]):
                    type.IsBigEndian = order == ">";
                    break;
                default:
                    throw new NumpyFormatException($"the pickle sets the state of {Describe(target)} in a way that numpy arrays do not need; nothing was run");
            }
        }

        private NumpyArray Decode(object?[] shape, TypeState type, bool isFortran, ReadOnlyMemory<byte> data)
        {
            Spend(data.Length);
            return NumpyArray.Decode([.. shape.Select(dimension => dimension is long size ? size : throw new NumpyFormatException($"expected a shape of whole numbers, got {Describe(dimension)}"))], type.Type, type.IsBigEndian, isFortran, data.Span);
        }

        private void Append(object?[] items) => Peek<List<object?>>().AddRange(items);

        private void SetItems(object?[] items)
        {
            var dictionary = Peek<Dictionary<string, object?>>();
            for (var i = 0; i + 1 < items.Length; i += 2)
                dictionary[items[i] as string ?? throw new NumpyFormatException($"expected names as keys, got {Describe(items[i])}")] = items[i + 1];
        }

        /// <summary>Picklers count from 0: places far apart are none of theirs, and could be chosen to fall together in the dictionary.</summary>
        private void Store(uint index) => _memo[index < pickle.Length
            ? index
            : throw new NumpyFormatException($"the pickle stores a value in place {index}, it has {pickle.Length} bytes")] = Peek();

        private object? Recall(uint index) =>
            _memo.TryGetValue(index, out var value) ? value : throw new NumpyFormatException($"the pickle recalls value {index}, which it never stored");

        private object? Pop() => _stack.TryPop(out var value) && value is not Mark ? value : throw StackEmpty();

        private T Pop<T>() => Pop() is T value ? value : throw WrongKind();

        private T Peek<T>() => Peek() is T value ? value : throw WrongKind();

        private object? Peek() => _stack.TryPeek(out var value) && value is not Mark ? value : throw StackEmpty();

        private object?[] PopMany(int count)
        {
            var items = new object?[count];
            for (var i = count - 1; i >= 0; i--)
                items[i] = Pop();
            return items;
        }

        private object?[] PopToMark()
        {
            var items = new List<object?>();
            while (true)
            {
                if (!_stack.TryPop(out var value))
                    throw StackEmpty();
                if (value is Mark)
                    break;
                items.Add(value);
            }
            items.Reverse();
            return [.. items];
        }

        private NumpyFormatException WrongKind() => new($"the pickle is damaged: a value of another kind is needed before byte {_at}");

        private NumpyFormatException StackEmpty() => new($"the pickle is damaged: no value is left at byte {_at}");

        private ReadOnlySpan<byte> Bytes(long count) => Memory(count).Span;

        private ReadOnlyMemory<byte> Memory(long count)
        {
            if (count < 0 || count > pickle.Length - _at)
                throw new NumpyFormatException($"the pickle is truncated: {count} bytes are needed at byte {_at}, {pickle.Length - _at} are left");
            var bytes = pickle.Slice(_at, (int)count);
            _at += (int)count;
            return bytes;
        }

        private long Length32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

        private long Length64() => checked((long)BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)));

        private string Line()
        {
            var end = pickle.Span[_at..].IndexOf((byte)'\n');
            if (end < 0)
                throw new NumpyFormatException($"the pickle is truncated: the name at byte {_at} does not end");
            var line = Utf8(Bytes(end));
            _at++;
            return line;
        }

        private static string Utf8(ReadOnlySpan<byte> bytes) => new UTF8Encoding(false, true).GetString(bytes);

        private static long LongOf(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > sizeof(long))
                throw new NumpyFormatException($"expected whole numbers of at most {sizeof(long)} bytes, got {bytes.Length}");
            var value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1L : 0L;
            for (var i = bytes.Length - 1; i >= 0; i--)
                value = (value << 8) | bytes[i];
            return value;
        }
    }
}
