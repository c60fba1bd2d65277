using MnistApi.Cli.Foreign;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Tests;

/// <summary>Archives of torch.save's, byte by byte: what is read, and each attack that is refused.</summary>
public sealed class TorchTests
{
    private static readonly byte[] s_weights = new byte[31360], s_bias = new byte[40];

    [Fact]
    public void A_state_dict_is_read() => Assert.Equal("784-10", ForeignWeights.Read(Torch.Archive(
        Torch.StateDict(Torch.Whole("fc.weight", "0", 10, 784), Torch.Whole("fc.bias", "1", 10)), ("data/0", s_weights),
            ("data/1", s_bias)),
        new ConversionOptions()).Network.ToString());

    /// <summary>One storage of 0, 1, 2, ... as a transposed matrix and, from an offset on, as a vector.</summary>
    [Fact]
    public void Views_of_a_shared_storage_follow_their_strides()
    {
        var numbers = PickleReaderTests.Floats([.. Enumerable.Range(0, 7840).Select(i => i / 8192f)]);
        var pickle = Torch.StateDict(
            new Torch.View("fc.weight", "0", 7840, 0, [10, 784], [1, 10]), new Torch.View("fc.bias", "0", 7840, 100, [10], [2]));
        var layer = ForeignWeights.Read(Torch.Archive(pickle, ("data/0", numbers)), new ConversionOptions()).Network.Layers[0];
        Assert.Equal([.. Enumerable.Range(0, 7840).Select(i => i / 8192f)], layer.Weights.ToArray());
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => (100 + 2 * i) / 8192f)], layer.Bias.ToArray());
    }

    [Fact]
    public void Big_endian_storages_are_read()
    {
        var bytes = PickleReaderTests.Floats([.. Enumerable.Repeat(0.5f, 7840)]);
        for (var i = 0; i < bytes.Length; i += 4)
            Array.Reverse(bytes, i, 4);
        var archive = Torch.Archive(Torch.StateDict(Torch.Whole("fc.weight", "0", 10, 784)), ("byteorder", "big"u8.ToArray()),
            ("data/0", bytes));
        Assert.Equal(0.5f, ForeignWeights.Read(archive, new ConversionOptions()).Network.Layers[0].Weights[0]);
    }

    [Theory]
    [InlineData(7840, 1, 10, 784, 784, 1)] // one number too far
    [InlineData(7840, 0, 10, 784, 785, 1)]
    [InlineData(7840, -1, 10, 784, 784, 1)]
    [InlineData(7840, 7839, 10, 784, -784, -1)]
    [InlineData(7840, 0, 2147483647, 2147483647, 0, 0)]
    [InlineData(7840, 0, -10, 784, 784, 1)]
    public void A_view_must_lie_in_its_storage(int numbers, int offset, int rows, int columns, int stride0, int stride1)
    {
        var pickle = Torch.StateDict(new Torch.View("fc.weight", "0", numbers, offset, [rows, columns], [stride0, stride1]));
        Assert.Matches("expected an array of shape|expected arrays of at most", Assert.Throws<WeightsFormatException>(
            () => ForeignWeights.Read(Torch.Archive(pickle, ("data/0", s_weights)), new ConversionOptions())).Message);
    }

    /// <summary>A stride of 0 makes a million numbers of one.</summary>
    [Fact]
    public void Views_cannot_make_much_out_of_little()
    {
        var views = Enumerable.Range(0, 300).Select(i => new Torch.View($"{i}.weight", "0", 1, 0, [1024, 1024], [0, 0])).ToArray();
        ForeignTests.Refused("expected arrays of at most 268435456 bytes in all",
            Torch.Archive(Torch.StateDict(views), ("data/0", new byte[4])));
    }

    [Fact]
    public void A_storage_must_have_its_numbers()
    {
        var pickle = Torch.StateDict(Torch.Whole("fc.weight", "0", 10, 784));
        ForeignTests.Refused("there is no entry 'w/data/0'", Torch.Archive(pickle));
        ForeignTests.Refused("expected 7840 numbers of 4 bytes in 'w/data/0', it has 40 bytes", Torch.Archive(pickle, ("data/0", s_bias)));
    }

    [Fact]
    public void Data_outside_a_pickle_belongs_to_archives() => ForeignTests.Refused(
        "the pickle refers to data outside itself", Torch.StateDict(Torch.Whole("fc.weight", "0", 10, 784)));

    [Fact]
    public void Programs_and_whole_models_are_named()
    {
        ForeignTests.Refused("this is TorchScript, a program; save the state_dict",
            Torch.Archive([(byte)'N', (byte)'.'], ("code/a.py", [])));
        ForeignTests.Refused("the pickle asks for __main__.Net; only arrays are read, and nothing was run; it holds an object of a class",
            Torch.Archive(new Pickle(2).Global("__main__", "Net").Add((byte)')', 0x81).Done()));
    }

    [Fact]
    public void A_list_that_holds_itself_ends()
    {
        var loop = new Pickle().Add((byte)']', 0x94, (byte)'h', 0, (byte)'a').Done();
        ForeignTests.Refused("expected arrays of floats, got none", loop);
        var wide = new Pickle().Add((byte)']', 0x94, (byte)'(');
        for (var i = 0; i < 200; i++)
            wide.Add((byte)'h', 0);
        ForeignTests.Refused("expected at most 10000 arrays and lists of them", wide.Add((byte)'e').Done());
    }

    [Fact]
    public void A_zip_bomb_is_not_unpacked() => ForeignTests.Refused("expected arrays of at most 268435456 bytes in all",
        ForeignTests.Zip(("W1.npy", new byte[300_000_000])));
}
