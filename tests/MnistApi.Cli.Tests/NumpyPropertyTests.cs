using System.IO.Compression;
using System.Text;
using CsCheck;
using MnistApi.Cli.Foreign;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Cli.Tests;

/// <summary>Any bytes give arrays or a <see cref="WeightsFormatException"/>, never another exception, and no code of a pickle's.</summary>
public sealed class NumpyPropertyTests
{
    private const int Times = 5000;
    private static readonly byte[] s_numbers = new byte[24];

    [Fact]
    public void Pickles_of_any_bytes() => Gen.Byte.Array[0, 200].Sample(bytes => IsReadOrRefused([0x80, 3, .. bytes]), iter: Times);

    /// <summary>The opcodes that the reader knows, in any order: so more of them meet values to work on.</summary>
    [Fact]
    public void Pickles_of_any_opcodes() =>
        Gen.OneOf<byte>([.. "(012NKJMGXCBtl]aed}suqrhjgpcRb)QIFSVTUL."u8, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x93, 0x94, 0x95, 0, 1,
            2])
            .Array[0, 60].Sample(opcodes => IsReadOrRefused([0x80, 4, .. opcodes]), iter: Times);

    [Fact]
    public void Pickles_near_right_ones() => Mutated.Of(
            Pickle.OfArrays([("W1", [2, 3], s_numbers)]),
                Pickle.OfArrays([("W1", [3], s_numbers)], "f8", ">", isFortran: true, protocol: 2),
                Pickle.OfBuffers([("W1", [2, 3], s_numbers)]))
        .Sample(IsReadOrRefused, iter: Times);

    [Fact]
    public void Torchs_pickles_near_right_ones() => Mutated.Of(
            Torch.StateDict(Torch.Whole("fc.weight", "0", 2, 3), new Torch.View("fc.bias", "0", 6, 2, [2], [2], "HalfStorage")))
        .Sample(pickle => IsReadOrRefused(Torch.Archive(pickle, ("data/0", s_numbers))), iter: Times);

    [Fact]
    public void Zips_of_any_bytes() => Gen.Byte.Array[0, 200].Sample(bytes => IsReadOrRefused([.. "PK"u8, .. bytes]), iter: Times);

    [Fact]
    public void Zips_near_right_ones() => Mutated.Of(Npz(CompressionLevel.NoCompression), Npz(CompressionLevel.Optimal))
        .Sample(IsReadOrRefused, iter: Times);

    /// <summary>Keys that were chosen to fall together, and places far apart, would make a table of either a list to be searched.</summary>
    [Fact]
    public void Keys_and_places_cannot_be_chosen_to_collide()
    {
        var keys = new Pickle().Add((byte)'}', (byte)'(');
        var places = new Pickle().Add((byte)'N');
        for (var i = 0; i < 300_000; i++)
        {
            var half = BitConverter.GetBytes(i);
            keys.Add([0x8A, 8, .. half, .. half, (byte)'N']);
            places.Add([(byte)'r', .. BitConverter.GetBytes((uint)i * 13_007)]);
        }
        Refused("expected at most 10000 arrays", keys.Add((byte)'u').Done());
        Refused("the pickle stores a value in place ", places.Done());
    }

    private static void Refused(string message, byte[] file) => Assert.StartsWith(
        message, Assert.Throws<WeightsFormatException>(() => ForeignWeights.Read(file, new ConversionOptions())).Message);

    internal static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            ForeignWeights.Read(bytes, new ConversionOptions());
        }
        catch (WeightsFormatException error)
        {
            return error.Message.Length > 0;
        }
        return true;
    }

    private static byte[] Npz(CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "W1", "b1" })
            {
                using var entry = zip.CreateEntry($"{name}.npy", level).Open();
                var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
                entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. s_numbers]);
            }
        }
        return stream.ToArray();
    }
}
