using System.Buffers.Binary;
using System.Text;
using MnistApi.Inference.Weights;

namespace MnistApi.Inference.Tests.Weights;

/// <summary>One file of literal bytes for each rule of the format.</summary>
public sealed class SafetensorsTests
{
    private const string OneTensor = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void A_valid_file_is_read()
    {
        byte[] data = [0, 0, 128, 63, 0, 0, 0, 192]; // 1 and -2
        var file = SafetensorsReader.Read(File("""{"__metadata__":{"name":"n"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""", data));
        var tensor = Assert.Single(file.Tensors);
        Assert.Equal("a", tensor.Name);
        Assert.Equal([2, 1], tensor.Shape);
        Assert.Equal([1, -2], tensor.Values.ToArray());
        Assert.Equal("n", file.Metadata["name"]);
    }

    [Fact]
    public void An_empty_tensor_has_no_bytes()
    {
        var file = SafetensorsReader.Read(File("""{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}""", []));
        Assert.Empty(file.Tensors[0].Values.ToArray());
    }

    [Fact]
    public void File_too_short() => Refused(SafetensorsError.FileTooShort, [1, 2, 3]);

    [Fact]
    public void Header_too_large() => Refused(SafetensorsError.HeaderTooLarge, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{', (byte)'}']);

    [Fact]
    public void Header_truncated() => Refused(SafetensorsError.HeaderTruncated, [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);

    [Theory]
    [InlineData("")]
    [InlineData(" {}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x""")]
    public void Header_not_json(string header) => Refused(SafetensorsError.HeaderNotJson, File(header, new byte[8]));

    [Fact]
    public void Header_not_utf8() => Refused(SafetensorsError.HeaderNotJson, [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', 0xFF, (byte)'}']);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"}}""")]
    public void Duplicate_name(string header) => Refused(SafetensorsError.DuplicateName, File(header, new byte[8]));

    [Theory]
    [InlineData("""{"__metadata__":[]}""")]
    [InlineData("""{"__metadata__":{"x":1}}""")]
    public void Bad_metadata(string header) => Refused(SafetensorsError.BadMetadata, File(header, []));

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    public void Bad_entry(string header) => Refused(SafetensorsError.BadEntry, File(header, new byte[8]));

    [Theory]
    [InlineData("F64")]
    [InlineData("f32")]
    [InlineData("BF16")]
    public void Unsupported_dtype(string dtype) =>
        Refused(SafetensorsError.UnsupportedDtype, File(OneTensor.Replace("F32", dtype, StringComparison.Ordinal), new byte[8]));

    [Fact]
    public void Shape_overflow() => Refused(SafetensorsError.ShapeOverflow,
        File("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2],"data_offsets":[0,8]}}""", new byte[8]));

    [Theory]
    [InlineData("[0,4]")]
    [InlineData("[8,0]")]
    [InlineData("[0,12]")]
    public void Size_mismatch(string offsets) =>
        Refused(SafetensorsError.SizeMismatch, File(OneTensor.Replace("[0,8]", offsets, StringComparison.Ordinal), new byte[12]));

    [Fact]
    public void Out_of_bounds() => Refused(SafetensorsError.OutOfBounds, File(OneTensor, new byte[7]));

    [Fact]
    public void Overlap() => Refused(SafetensorsError.Overlap, File(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", new byte[8]));

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""")]
    public void Hole(string header) => Refused(SafetensorsError.Hole, File(header, new byte[12]));

    [Fact]
    public void Trailing_bytes() => Refused(SafetensorsError.TrailingBytes, File(OneTensor, new byte[9]));

    [Fact]
    public void Same_content_gives_the_same_bytes()
    {
        var tensors = new Tensor[] { new("a", [2], new float[] { 1, -2 }), new("b", [], new float[] { 3 }) };
        var one = SafetensorsWriter.Write(new TensorFile(tensors, new Dictionary<string, string> { ["x"] = "1", ["y"] = "ü\"" }));
        var other = SafetensorsWriter.Write(new TensorFile(tensors, new Dictionary<string, string> { ["y"] = "ü\"", ["x"] = "1" }));
        Assert.Equal(one, other);
        var back = SafetensorsReader.Read(one);
        Assert.Equal("ü\"", back.Metadata["y"]);
        Assert.Equal([1, -2], back.Tensors[0].Values.ToArray());
        Assert.Equal([3], back.Tensors[1].Values.ToArray());
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("safetensors");
        var path = Path.Combine(folder.FullName, "a.safetensors");
        System.IO.File.WriteAllText(path, "old");
        SafetensorsWriter.Save(path, new TensorFile([new Tensor("a", [1], new float[] { 1 })], new Dictionary<string, string>()));
        Assert.Equal(1, SafetensorsReader.Read(System.IO.File.ReadAllBytes(path)).Tensors[0].Values.Span[0]);
        Assert.Single(folder.GetFiles());
        folder.Delete(recursive: true);
    }

    private static byte[] File(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes, .. data];
    }

    private static void Refused(SafetensorsError expected, byte[] file)
    {
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsReader.Read(file));
        Assert.Equal(expected, error.Error);
        Assert.NotEmpty(error.Message);
    }
}
