using System.Buffers.Binary;
using System.Text;
using CsCheck;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Tests.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Inference.Tests;

/// <summary>Any bytes give a result or the reader's own exception; what the writer writes is read again.</summary>
public sealed class ReaderPropertyTests
{
    private const int Times = 5000;

    private static readonly byte[] s_idx = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] s_weights = SafetensorsWriter.Write(new TensorFile(
        [new Tensor("W1", [2, 3], new float[6]), new Tensor("b1", [3], new float[3])],
        new Dictionary<string, string> { ["activations"] = "softmax", ["x"] = "ü" }));

    [Fact]
    public void Idx_of_any_bytes() => Gen.Byte.Array[0, 100].Sample(bytes => IsIdxOrRefused([0, 0, 8, .. bytes]), iter: Times);

    [Fact]
    public void Idx_near_right_files() => Mutated.Of(s_idx, IdxReaderTests.Gzip(s_idx)).Sample(IsIdxOrRefused, iter: Times);

    [Fact]
    public void Idx_of_any_dimensions() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 6])
            .SelectMany((a, b, c) => Gen.Byte.Array[a * b * c].Select(data => (a, b, c, data)))
            .Sample(file =>
            {
                var array = IdxReader.Read(
                    (byte[])[0, 0, 8, 3, 0, 0, 0, (byte)file.a, 0, 0, 0, (byte)file.b, 0, 0, 0, (byte)file.c, .. file.data], 3);
                return array.Dimensions.SequenceEqual([file.a, file.b, file.c]) && array.Bytes.Span.SequenceEqual(file.data);
            }, iter: Times);

    [Fact]
    public void Weights_of_any_bytes() => Gen.Byte.Array[0, 100].Sample(bytes => AreWeightsOrRefused(bytes), iter: Times);

    [Fact]
    public void Weights_of_any_header() =>
        Gen.String[Gen.Char[' ', '~'], 0, 100].Sample(header => AreWeightsOrRefused(WithHeader("{" + header)), iter: Times);

    [Fact]
    public void Weights_near_right_files() => Mutated.Of(s_weights).Sample(bytes => AreWeightsOrRefused(bytes), iter: Times);

    [Fact]
    public void Tensors_that_are_written_are_read_again() =>
        Gen.Select(Gen.String[Gen.Char['a', 'ÿ'], 0, 8].Array[0, 5], Gen.Int[0, 4].Array[0, 3], Gen.Single)
            .Sample((names, shape, value) =>
            {
                var distinct = names.Distinct().ToArray();
                var count = shape.Aggregate(1, (product, size) => product * size);
                var file = new TensorFile([.. distinct.Select(name => new Tensor(name, shape, Enumerable.Repeat(value, count).ToArray()))],
                    distinct.ToDictionary(name => name, name => name));
                var again = SafetensorsReader.Read(SafetensorsWriter.Write(file));
                return again.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
                    .SequenceEqual(distinct.Order(StringComparer.Ordinal))
                    && again.Tensors.All(tensor => tensor.Shape.SequenceEqual(shape) && tensor.Values.Span.IndexOfAnyExcept(value) < 0)
                    && again.Metadata.Count == distinct.Length;
            }, iter: 1000);

    /// <summary>Thousands of tensors in a small file: their names are looked up, not searched for one by one.</summary>
    [Fact]
    public void Many_tensors_are_refused_at_once()
    {
        var entries = Enumerable.Range(1, 9000).SelectMany(
            i => new[] { 'W', 'b' }.Select(letter => $"\"{letter}{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"));
        var header = "{" + string.Join(',', entries) + "}";
        Assert.Throws<WeightsFormatException>(() => WeightsFile.Read(WithHeader(header)));
    }

    private static byte[] WithHeader(string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    private static bool IsIdxOrRefused(byte[] bytes)
    {
        try
        {
            var array = IdxReader.Read(bytes, 3);
            return array.Dimensions[0] * array.Dimensions[1] * array.Dimensions[2] == array.Bytes.Length;
        }
        catch (IdxFormatException error)
        {
            return error.Message.Length > 0;
        }
    }

    private static bool AreWeightsOrRefused(byte[] bytes)
    {
        try
        {
            WeightsFile.ToNetwork(SafetensorsReader.Read(bytes));
        }
        catch (Exception error) when (error is SafetensorsException or WeightsFormatException)
        {
            return error.Message.Length > 0;
        }
        return true;
    }
}
