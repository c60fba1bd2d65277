using System.Globalization;
using System.Text;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>
/// Reads pickles of protocols 0 to 5. A pickle is a program for a stack machine that may ask for any Python function and call it.
/// This machine runs none: it moves values about, and <see cref="PickleGlobals"/> says what the few names mean that arrays need.
/// </summary>
internal sealed class PickleMachine(ReadOnlyMemory<byte> pickle, PickleGlobals globals)
{
    private readonly PickleInput _input = new(pickle);
    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>The value that the pickle makes.</summary>
    /// <exception cref="WeightsFormatException">The bytes are no pickle, or ask for what the reader does not know.</exception>
    public object? Run()
    {
        try
        {
            while (true)
            {
                var start = _input.At;
                var opcode = _input.Byte();
                if (opcode == '.')
                {
                    var top = Pop();
                    return _input.At == _input.Length && _stack.Count == 0
                        ? top
                        : throw new WeightsFormatException($"expected the pickle to end at its STOP, byte {start}; "
                            + $"{_input.Length - _input.At} bytes and {_stack.Count} values are left over");
                }
                Step(opcode, start);
            }
        }
        catch (WeightsFormatException) when (HasChangedLineEnds(pickle.Span))
        {
            throw new WeightsFormatException("the line ends of this pickle were changed: a carriage return stands before each line feed, "
                + "as an editor, git or a transfer as text leaves it; copy the original again as binary");
        }
    }

    private static bool HasChangedLineEnds(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Count((byte)'\n');
        return lines > 0 && lines == bytes.Count("\r\n"u8);
    }

    private void Step(byte opcode, int start)
    {
        try
        {
            if (!StepValue(opcode) && !StepContainer(opcode) && !StepMemo(opcode) && !StepObject(opcode))
            {
                throw new WeightsFormatException(
                    $"the pickle uses opcode {opcode:X2} at byte {start}, which arrays do not need; nothing was run");
            }
        }
        catch (Exception error) when (error is OverflowException or DecoderFallbackException or EncoderFallbackException
            or FormatException or ArgumentOutOfRangeException)
        {
            throw new WeightsFormatException(
                $"the pickle is damaged: opcode {opcode:X2} at byte {start} has a length, a number or a text that cannot be", error);
        }
    }

    /// <summary>Numbers, texts and bytes.</summary>
    private bool StepValue(byte opcode)
    {
        object? value;
        switch (opcode)
        {
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'I': case (byte)'L': value = _input.IntegerLine(); break; // INT, LONG
            case (byte)'F': value = _input.FloatLine(); break;
            case (byte)'K': value = (long)_input.Byte(); break; // BININT1
            case (byte)'M': value = (long)_input.UInt16(); break; // BININT2
            case (byte)'J': value = (long)_input.Int32(); break; // BININT
            case 0x8A: value = _input.Integer(_input.Byte()); break; // LONG1
            case 0x8B: value = _input.Integer(_input.UInt32()); break; // LONG4
            case (byte)'G': value = _input.Double(); break; // BINFLOAT
            case (byte)'S': value = _input.QuotedLine(); break; // STRING
            case (byte)'V': value = _input.UnicodeLine(); break; // UNICODE
            case (byte)'U': value = _input.Latin1(_input.Byte()); break; // SHORT_BINSTRING
            case (byte)'T': value = _input.Latin1(_input.UInt32()); break; // BINSTRING
            case 0x8C: value = _input.Utf8(_input.Byte()); break; // SHORT_BINUNICODE
            case (byte)'X': value = _input.Utf8(_input.UInt32()); break; // BINUNICODE
            case 0x8D: value = _input.Utf8(_input.Length64()); break; // BINUNICODE8
            case (byte)'C': value = _input.Memory(_input.Byte()); break; // SHORT_BINBYTES
            case (byte)'B': value = _input.Memory(_input.UInt32()); break; // BINBYTES
            case 0x8E: case 0x96: value = _input.Memory(_input.Length64()); break; // BINBYTES8, BYTEARRAY8
            default: return false;
        }
        _stack.Push(value);
        return true;
    }

    private bool StepContainer(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'(': _stack.Push(Mark.Instance); break;
            case (byte)')': _stack.Push(Array.Empty<object?>()); break;
            case (byte)'t': _stack.Push(PopToMark()); break; // TUPLE
            case 0x85: case 0x86: case 0x87: _stack.Push(PopMany(opcode - 0x84)); break; // TUPLE1 to TUPLE3
            case (byte)']': _stack.Push(new List<object?>()); break;
            case (byte)'l': _stack.Push(PopToMark().ToList()); break; // LIST
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': _stack.Push(NewDictionary()); break;
            case (byte)'d': // DICT
                var items = PopToMark();
                _stack.Push(NewDictionary());
                SetItems(items);
                break;
            case (byte)'s': SetItems(PopMany(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            default: return false;
        }
        return true;
    }

    private bool StepMemo(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                var protocol = _input.Byte();
                if (protocol > 5)
                    throw new WeightsFormatException($"expected a pickle protocol from 0 to 5, got {protocol}");
                break;
            case 0x95: _input.Bytes(8); break; // FRAME
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': _stack.Push(Peek()); break; // DUP
            case (byte)'p': Store(_input.PlaceLine()); break; // PUT
            case (byte)'q': Store(_input.Byte()); break; // BINPUT
            case (byte)'r': Store(_input.UInt32()); break; // LONG_BINPUT
            case 0x94: Store(_memo.Count); break; // MEMOIZE
            case (byte)'g': _stack.Push(Recall(_input.PlaceLine())); break; // GET
            case (byte)'h': _stack.Push(Recall(_input.Byte())); break; // BINGET
            case (byte)'j': _stack.Push(Recall(_input.UInt32())); break; // LONG_BINGET
            default: return false;
        }
        return true;
    }

    /// <summary>What would call Python, were this Python.</summary>
    private bool StepObject(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'c': _stack.Push(PickleGlobals.Resolve(_input.Line(), _input.Line())); break; // GLOBAL
            case 0x93: // STACK_GLOBAL
                var name = Pop<string>();
                _stack.Push(PickleGlobals.Resolve(Pop<string>(), name));
                break;
            case (byte)'R': // REDUCE
                var arguments = Pop<object?[]>();
                _stack.Push(globals.Call(Pop(), arguments));
                break;
            case (byte)'b': // BUILD
                var state = Pop();
                globals.Build(Peek(), state);
                break;
            case (byte)'Q': _stack.Push(globals.Load(Pop<object?[]>())); break; // BINPERSID
            default: return false;
        }
        return true;
    }

    private static Dictionary<string, object?> NewDictionary() => new(StringComparer.Ordinal);

    private void Append(object?[] items) => Peek<List<object?>>().AddRange(items);

    private void SetItems(object?[] items)
    {
        var dictionary = Peek<Dictionary<string, object?>>();
        for (var i = 0; i + 1 < items.Length; i += 2)
            dictionary[Key(items[i])] = items[i + 1];
    }

    /// <summary>Numbers as keys become text, whose hash nobody can choose.</summary>
    public static string Key(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new WeightsFormatException($"expected names as keys, got {PickleValues.Describe(key)}"),
    };

    /// <summary>
    /// Picklers count from 0: places far apart are none of theirs, and could be chosen to fall together in the dictionary.
    /// </summary>
    private void Store(long index) => _memo[index >= 0 && index < pickle.Length
        ? index
        : throw new WeightsFormatException($"the pickle stores a value in place {index}, it has {pickle.Length} bytes")] = Peek();

    private object? Recall(long index) => _memo.TryGetValue(index, out var value)
        ? value
        : throw new WeightsFormatException($"the pickle recalls value {index}, which it never stored");

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

    private WeightsFormatException WrongKind() => new($"the pickle is damaged: a value of another kind is needed before byte {_input.At}");

    private WeightsFormatException StackEmpty() => new($"the pickle is damaged: no value is left at byte {_input.At}");
}
