using System.Buffers.Binary;
using System.Text;

namespace MnistApi.Cli.Tests;

/// <summary>Writes pickles by hand, opcode by opcode, as Python's pickler would.</summary>
internal sealed class Pickle
{
    private readonly List<byte> _bytes = [];

    public Pickle(byte protocol = 3) => Add(0x80, protocol);

    public byte[] Done() => [.. _bytes, (byte)'.'];

    public Pickle Add(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public Pickle Global(string module, string name) => Add([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public Pickle StackGlobal(string module, string name) => Text(module).Text(name).Add(0x93);

    public Pickle Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Add([(byte)'X', .. Length(bytes.Length), .. bytes]);
    }

    public Pickle Int(int value) => Add([(byte)'J', .. Length(value)]);

    public Pickle Data(byte[] data) => Add([(byte)'B', .. Length(data.Length), .. data]);

    /// <summary>A dictionary of arrays: numpy's _reconstruct, then the state (version, shape, dtype, is Fortran, data).</summary>
    public static byte[] OfArrays(
        IEnumerable<(string Name, int[] Shape, byte[] Data)> arrays,
        string type = "f4", string order = "<", bool isFortran = false, string numpy = "numpy.core", byte protocol = 3)
    {
        var pickle = new Pickle(protocol).Add((byte)'}', (byte)'(');
        foreach (var (name, shape, data) in arrays)
        {
            pickle.Text(name);
            if (protocol >= 4)
                pickle.StackGlobal($"{numpy}.multiarray", "_reconstruct").StackGlobal("numpy", "ndarray");
            else
                pickle.Global($"{numpy}.multiarray", "_reconstruct").Global("numpy", "ndarray");
            pickle.Add((byte)'K', 0, 0x85).Add((byte)'C', 1, (byte)'b').Add(0x87, (byte)'R'); // (ndarray, (0,), b'b')
            pickle.Add((byte)'(').Int(1).Tuple(shape).Dtype(type, order).Add(isFortran ? (byte)0x88 : (byte)0x89);
            if (protocol == 2)
                pickle.Global("_codecs", "encode").Text(Encoding.Latin1.GetString(data)).Text("latin1").Add(0x86, (byte)'R');
            else
                pickle.Data(data);
            pickle.Add((byte)'t', (byte)'b');
        }
        return pickle.Add((byte)'u').Done();
    }

    /// <summary>The form of protocol 5: numpy's _frombuffer(data, dtype, shape, order).</summary>
    public static byte[] OfBuffers(
        IEnumerable<(string Name, int[] Shape, byte[] Data)> arrays, string numpy = "numpy._core", string order = "C")
    {
        var pickle = new Pickle(5).Add((byte)'}', (byte)'(');
        foreach (var (name, shape, data) in arrays)
        {
            pickle.Text(name).StackGlobal($"{numpy}.numeric", "_frombuffer").Add((byte)'(');
            var length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
            pickle.Add([0x96, .. length, .. data]).Dtype("f4", "<").Tuple(shape).Text(order).Add((byte)'t', (byte)'R', 0x94);
        }
        return pickle.Add((byte)'u').Done();
    }

    /// <summary>A float32 array as numpy's _frombuffer makes it.</summary>
    public Pickle Array(int[] shape, byte[] data) =>
        Global("numpy.core.numeric", "_frombuffer").Add((byte)'(').Data(data).Dtype("f4", "<").Tuple(shape).Text("C")
            .Add((byte)'t', (byte)'R');

    private Pickle Dtype(string type, string order)
    {
        Global("numpy", "dtype").Text(type).Add(0x89, 0x88, 0x87, (byte)'R'); // dtype(type, False, True)
        return Add((byte)'(').Int(3).Text(order).Add((byte)'N', (byte)'N', (byte)'N').Int(-1).Int(-1).Int(0).Add((byte)'t', (byte)'b');
    }

    public Pickle Tuple(int[] shape)
    {
        Add((byte)'(');
        foreach (var dimension in shape)
            Int(dimension);
        return Add((byte)'t');
    }

    private static byte[] Length(int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }
}
