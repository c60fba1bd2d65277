using System.Buffers.Binary;
using MnistApi.Cli.Foreign;
using MnistApi.Cli.Foreign.Pickles;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

public sealed class PickleReaderTests
{
    private static readonly float[] s_numbers = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData("numpy.core", 2)]
    [InlineData("numpy.core", 3)]
    [InlineData("numpy._core", 3)]
    [InlineData("numpy._core", 4)]
    [InlineData("numpy.core", 5)]
    public void Arrays_of_float32_are_read(string numpy, byte protocol)
    {
        var array = Assert.Single(Read(Pickle.OfArrays([("W1", [2, 3], Floats(s_numbers))], numpy: numpy, protocol: protocol)));
        Assert.Equal("W1", array.Key);
        Assert.Equal([2, 3], array.Value.Shape);
        Assert.Equal(s_numbers, array.Value.Values.ToArray());
    }

    [Theory]
    [InlineData("numpy.core")]
    [InlineData("numpy._core")]
    public void Protocol_5s_buffers_are_read(string numpy)
    {
        var arrays = Read(Pickle.OfBuffers([("W1", [2, 3], Floats(s_numbers)), ("b1", [6], Floats(s_numbers))], numpy));
        Assert.Equal(s_numbers, arrays["W1"].Values.ToArray());
        Assert.Equal([6], arrays["b1"].Shape);
        Assert.Equal([1, 3, 5, 2, 4, 6], Read(Pickle.OfBuffers([("W1", [2, 3], Floats(s_numbers))], order: "F"))["W1"].Values.ToArray());
    }

    [Fact]
    public void Fortran_order_is_put_right()
    {
        // columns first: [[1,3,5],[2,4,6]]
        var array = Read(Pickle.OfArrays([("W1", [2, 3], Floats(s_numbers))], isFortran: true))["W1"];
        Assert.Equal([1, 3, 5, 2, 4, 6], array.Values.ToArray());
    }

    [Fact]
    public void Float64_and_big_endian_are_read()
    {
        var doubles = s_numbers.SelectMany(number => BitConverter.GetBytes((double)number)).ToArray();
        Assert.Equal(s_numbers, Read(Pickle.OfArrays([("a", [6], doubles)], "f8"))["a"].Values.ToArray());
        var big = s_numbers.SelectMany(number =>
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteSingleBigEndian(bytes, number);
            return bytes;
        }).ToArray();
        Assert.Equal(s_numbers, Read(Pickle.OfArrays([("a", [6], big)], order: ">"))["a"].Values.ToArray());
    }

    [Fact]
    public async Task The_books_pickle_is_read()
    {
        var arrays = Read(await File.ReadAllBytesAsync(await Book.PathAsync(), TestContext.Current.CancellationToken));
        Assert.Equal(["W1", "W2", "W3", "b1", "b2", "b3"], arrays.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([784, 50], arrays["W1"].Shape);
    }

    /// <summary>What attackers write: each asks for a name that is not numpy's, and must be told so.</summary>
    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("subprocess", "Popen")]
    [InlineData("numpy", "load")]
    [InlineData("numpy.core.multiarray", "fromfile")]
    [InlineData("numpy", "ndarray.tofile")]
    [InlineData("numpy.testing._private.utils", "runstring")]
    [InlineData("_codecs", "decode")]
    public void Any_other_name_is_refused_and_named(string module, string name)
    {
        foreach (var pickle in new[]
        {
            new Pickle().Global(module, name).Text("echo").Add(0x85, (byte)'R').Done(),
            new Pickle(4).StackGlobal(module, name).Text("echo").Add(0x85, (byte)'R').Done(),
            new Pickle().Add((byte)'}').Text("W1").Global(module, name).Add((byte)'s').Done(),
        })
        {
            Assert.Equal($"the pickle asks for {module}.{name}; only arrays are read, and nothing was run",
                string.Join(';', Assert.Throws<WeightsFormatException>(() => Read(pickle)).Message.Split(';')[..2]));
        }
    }

    /// <summary>Opcodes that make objects, call things by other ways or refer to what lies outside.</summary>
    [Theory]
    [InlineData((byte)'i')]
    [InlineData((byte)'o')]
    [InlineData(0x81)]
    [InlineData(0x92)]
    [InlineData(0x82)]
    [InlineData(0x83)]
    [InlineData(0x84)]
    [InlineData((byte)'P')]
    [InlineData(0x97)]
    [InlineData(0x98)]
    public void Any_other_opcode_is_refused(byte opcode) =>
        Assert.StartsWith($"the pickle uses opcode {opcode:X2} at byte 2",
            Assert.Throws<WeightsFormatException>(() => Read(new Pickle().Add(opcode).Done())).Message);

    [Fact]
    public void Known_names_cannot_be_called_in_other_ways()
    {
        foreach (var pickle in new[]
        {
            new Pickle().Global("numpy", "ndarray").Text("x").Add(0x85, (byte)'R'),
            new Pickle().Global("_codecs", "encode").Text("x").Text("rot13").Add(0x86, (byte)'R'),
            new Pickle().Global("numpy", "dtype").Text("O").Add(0x85, (byte)'R'),
            new Pickle().Text("x").Text("y").Add(0x85, (byte)'R'),
            new Pickle().Global("numpy", "ndarray").Text("x").Add(0x85, (byte)'b'),
            new Pickle().Global("numpy.core.multiarray", "_reconstruct").Text("x").Text("y").Text("z").Add(0x87, (byte)'R'),
        })
        {
            Assert.Throws<WeightsFormatException>(() => Read(pickle.Done()));
        }
    }

    [Fact]
    public void Lengths_beyond_the_file_are_refused_without_taking_memory()
    {
        byte[] huge = [0xFF, 0xFF, 0xFF, 0x7F];
        foreach (var pickle in new[]
        {
            new Pickle().Add([(byte)'B', .. huge]),
            new Pickle().Add([(byte)'X', .. huge]),
            new Pickle().Add([0x8E, .. huge, 0, 0, 0, 0]),
            new Pickle().Add([0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        })
        {
            Assert.Throws<WeightsFormatException>(() => Read(pickle.Done()));
        }
    }

    [Fact]
    public void A_small_pickle_cannot_make_much_out_of_little()
    {
        var pickle = new Pickle(2).Text(new string('x', 1 << 20)).Add((byte)'q', 0, (byte)'0').Global("_codecs", "encode")
            .Add((byte)'q', 1, (byte)'0').Text("latin1").Add((byte)'q', 2, (byte)'0').Add((byte)'(');
        for (var i = 0; i < 300; i++)
            pickle.Add((byte)'h', 1, (byte)'h', 0, (byte)'h', 2, 0x86, (byte)'R');
        Assert.StartsWith("expected arrays of at most 268435456 bytes in all",
            Assert.Throws<WeightsFormatException>(() => Read(pickle.Add((byte)'t').Done())).Message);
    }

    [Fact]
    public void A_shape_must_fit_its_bytes()
    {
        foreach (var shape in new int[][] { [3, 3], [-2, -3], [int.MaxValue, int.MaxValue, 4], [0] })
            Assert.Throws<WeightsFormatException>(() => Read(Pickle.OfArrays([("a", shape, Floats(s_numbers))])));
    }

    [Fact]
    public void What_is_no_dictionary_of_arrays_is_refused()
    {
        Refused("expected the pickle to hold a dictionary of arrays, got the number 5", new Pickle().Int(5).Done());
        Refused("expected names as keys, got None", new Pickle().Add((byte)'}', (byte)'N').Int(5).Add((byte)'s').Done());
        Refused("expected a pickle protocol from 0 to 5, got 9", new Pickle(9).Add((byte)'}').Done());
        Refused("expected the pickle to end at its STOP, byte 3; 1 bytes and 0 values are left over",
            [.. new Pickle().Add((byte)'}').Done(), 0]);
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_an_error_or_harmless()
    {
        var pickle = Pickle.OfArrays([("W1", [2, 3], Floats(s_numbers))]);
        for (var length = 0; length < pickle.Length; length++)
            Assert.Throws<WeightsFormatException>(() => Read(pickle.AsMemory(0, length)));
        for (var i = 0; i < pickle.Length; i++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])pickle.Clone();
                changed[i] = (byte)value;
                try
                {
                    Read(changed);
                }
                catch (WeightsFormatException)
                {
                    // refused, with a reason
                }
            }
        }
    }

    private static Dictionary<string, Tensor> Read(ReadOnlyMemory<byte> pickle) =>
        new PickledArrays().Of(new PickleMachine(pickle, new PickleGlobals(new Budget())).Run()).Tensors.ToDictionary(array => array.Name);

    internal static byte[] Floats(float[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];

    private static void Refused(string message, byte[] pickle) =>
        Assert.Equal(message, Assert.Throws<WeightsFormatException>(() => Read(pickle)).Message);
}
