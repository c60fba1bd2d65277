using System.Globalization;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Pickles;

/// <summary>
/// Reads pickles of protocols 0 to 5. A pickle is a program for a stack machine that may ask for any Python function and call it.
/// This machine runs none: it moves values about, and <see cref="PickleGlobals"/> says what the few names mean that arrays need.
/// </summary>
internal sealed class PickleMachine(ReadOnlyMemory<byte> pickle, PickleGlobals globals)
{
    private static readonly object s_mark = new(); // where a tuple or a list begins on the stack

    private readonly PickleInput _input = new(pickle);
    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>The value that the pickle makes.</summary>
    public object? Run()
    {
        var (start, opcode) = (0, '\0');
        try
        {
            while ((opcode = (char)_input.Integer(1)) != '.')
            {
                Step(opcode);
                start = _input.At;
            }
            var top = Pop();
            return _input.Left == 0 && _stack.Count == 0
                ? top
                : throw new WeightsFormatException($"expected the pickle to end at its STOP, byte {start}; "
                    + $"{_input.Left} bytes and {_stack.Count} values are left over");
        }
        catch (Exception error) when (error is WeightsFormatException or OverflowException or FormatException or ArgumentException)
        {
            throw new WeightsFormatException(HasChangedLineEnds(pickle.Span)
                ? "the line ends of this pickle were changed: a carriage return stands before each line feed, "
                    + "as an editor, git or a transfer as text leaves it; copy the original again as binary"
                : error is WeightsFormatException ? error.Message
                : $"the pickle is damaged: opcode {(int)opcode:X2} at byte {start} has a length, a number or a text that cannot be", error);
        }
    }

    /// <summary>Numbers as keys become text, whose hash nobody can choose.</summary>
    public static string Key(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new WeightsFormatException($"expected names as keys, got {PickleValues.Describe(key)}"),
    };

    private static bool HasChangedLineEnds(ReadOnlySpan<byte> bytes) =>
        bytes.Count((byte)'\n') is > 0 and var lines && lines == bytes.Count("\r\n"u8);

    /// <summary>The opcodes that arrays need, with Python's names of them.</summary>
    private void Step(char opcode)
    {
        switch (opcode)
        {
            case 'N': _stack.Push(null); break; // NONE
            case '\x88': _stack.Push(true); break; // NEWTRUE
            case '\x89': _stack.Push(false); break; // NEWFALSE
            case 'I' or 'L': _stack.Push(_input.IntegerLine()); break; // INT, LONG
            case 'F': _stack.Push(_input.FloatLine()); break; // FLOAT
            case 'K': _stack.Push(_input.Integer(1)); break; // BININT1
            case 'M': _stack.Push(_input.Integer(2)); break; // BININT2
            case 'J': _stack.Push(_input.Integer(4, isSigned: true)); break; // BININT
            case '\x8A': _stack.Push(_input.Integer(_input.Integer(1), isSigned: true)); break; // LONG1
            case '\x8B': _stack.Push(_input.Integer(_input.Integer(4), isSigned: true)); break; // LONG4
            case 'G': _stack.Push(_input.Double()); break; // BINFLOAT
            case 'S': _stack.Push(_input.QuotedLine()); break; // STRING
            case 'V': _stack.Push(_input.TextLine()); break; // UNICODE
            case 'U': _stack.Push(_input.Latin1(_input.Integer(1))); break; // SHORT_BINSTRING
            case 'T': _stack.Push(_input.Latin1(_input.Integer(4))); break; // BINSTRING
            case '\x8C': _stack.Push(_input.Utf8(_input.Integer(1))); break; // SHORT_BINUNICODE
            case 'X': _stack.Push(_input.Utf8(_input.Integer(4))); break; // BINUNICODE
            case '\x8D': _stack.Push(_input.Utf8(_input.Integer(8))); break; // BINUNICODE8
            case 'C': _stack.Push(_input.Bytes(_input.Integer(1))); break; // SHORT_BINBYTES
            case 'B': _stack.Push(_input.Bytes(_input.Integer(4))); break; // BINBYTES
            case '\x8E' or '\x96': _stack.Push(_input.Bytes(_input.Integer(8))); break; // BINBYTES8, BYTEARRAY8

            case '(': _stack.Push(s_mark); break; // MARK
            case ')': _stack.Push(Array.Empty<object?>()); break; // EMPTY_TUPLE
            case 't': _stack.Push(PopToMark()); break; // TUPLE
            case '\x85' or '\x86' or '\x87': _stack.Push(PopMany(opcode - '\x84')); break; // TUPLE1 to TUPLE3
            case ']': _stack.Push(new List<object?>()); break; // EMPTY_LIST
            case 'l': _stack.Push(PopToMark().ToList()); break; // LIST
            case 'a': Append([Pop()]); break; // APPEND
            case 'e': Append(PopToMark()); break; // APPENDS
            case '}': _stack.Push(SetItems([])); break; // EMPTY_DICT
            case 'd': _stack.Push(SetItems(PopToMark())); break; // DICT
            case 's': SetItems(PopMany(2), Peek<Dictionary<string, object?>>()); break; // SETITEM
            case 'u': SetItems(PopToMark(), Peek<Dictionary<string, object?>>()); break; // SETITEMS

            case '\x80': RequireProtocol(_input.Integer(1)); break; // PROTO
            case '\x95': _input.Bytes(8); break; // FRAME
            case '0': Pop(); break; // POP
            case '1': PopToMark(); break; // POP_MARK
            case '2': _stack.Push(Peek()); break; // DUP
            case 'p': Store(_input.PlaceLine()); break; // PUT
            case 'q': Store(_input.Integer(1)); break; // BINPUT
            case 'r': Store(_input.Integer(4)); break; // LONG_BINPUT
            case '\x94': Store(_memo.Count); break; // MEMOIZE
            case 'g': Recall(_input.PlaceLine()); break; // GET
            case 'h': Recall(_input.Integer(1)); break; // BINGET
            case 'j': Recall(_input.Integer(4)); break; // LONG_BINGET

            // What would call Python, were this Python.
            case 'c': _stack.Push(PickleGlobals.Resolve([_input.Line(), _input.Line()])); break; // GLOBAL
            case '\x93': _stack.Push(PickleGlobals.Resolve(PopMany(2))); break; // STACK_GLOBAL
            case 'R': _stack.Push(globals.Call(PopMany(2))); break; // REDUCE
            case 'b': globals.Build(Pop(), Peek()); break; // BUILD
            case 'Q': _stack.Push(globals.Load(Pop())); break; // BINPERSID
            default:
                throw new WeightsFormatException(
                    $"the pickle uses opcode {(int)opcode:X2} at byte {_input.At - 1}, which arrays do not need; nothing was run");
        }
    }

    private static void RequireProtocol(long protocol)
    {
        if (protocol > 5)
            throw new WeightsFormatException($"expected a pickle protocol from 0 to 5, got {protocol}");
    }

    /// <summary>Puts names and values in turn into a dictionary, a new one where none is given.</summary>
    public static Dictionary<string, object?> SetItems(object?[] items, Dictionary<string, object?>? dictionary = null)
    {
        dictionary ??= new(StringComparer.Ordinal);
        for (var i = 0; i + 1 < items.Length; i += 2)
            dictionary[Key(items[i])] = items[i + 1];
        return dictionary;
    }

    private void Append(object?[] items) => Peek<List<object?>>().AddRange(items);

    /// <summary>
    /// Picklers count from 0: places far apart are none of theirs, and could be chosen to fall together in the dictionary.
    /// </summary>
    private void Store(long index) => _memo[index < pickle.Length
        ? index
        : throw new WeightsFormatException($"the pickle stores a value in place {index}, it has {pickle.Length} bytes")] = Peek();

    private void Recall(long index) => _stack.Push(_memo.TryGetValue(index, out var value)
        ? value
        : throw new WeightsFormatException($"the pickle recalls value {index}, which it never stored"));

    private object? Pop()
    {
        var value = Peek();
        _stack.Pop();
        return value;
    }

    private object? Peek() => _stack.TryPeek(out var value) && value != s_mark ? value : throw StackEmpty();

    private T Peek<T>() => Peek() is T value ? value
        : throw new WeightsFormatException($"the pickle is damaged: a value of another kind is needed before byte {_input.At}");

    private object?[] PopMany(int count) => [.. Enumerable.Range(0, count).Select(_ => Pop()).Reverse()];

    private object?[] PopToMark()
    {
        var items = PopMany(_stack.TakeWhile(value => value != s_mark).Count());
        return _stack.TryPop(out _) ? items : throw StackEmpty();
    }

    private WeightsFormatException StackEmpty() => new($"the pickle is damaged: no value is left at byte {_input.At}");
}
