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
        var file = SafetensorsReader.Read(
            File("""{"__metadata__":{"name":"n"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""", data));
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
    public void Header_too_large() =>
        Refused(SafetensorsError.HeaderTooLarge, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, (byte)'{', (byte)'}']);

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
    public void Header_not_utf8() =>
        Refused(SafetensorsError.HeaderNotJson, [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', 0xFF, (byte)'}']);

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

    [Fact]
    public void Other_floats_are_read_where_they_are_asked_for_and_other_types_passed_over()
    {
        byte[] data = [0, 0x3C, 0x80, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0, 7, 0, 0, 0, 0, 0, 0, 0]; // half 1, bfloat 1, double -2, long 7
        var file = SafetensorsReader.ReadAny(File(
            """{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]},"c":"""
            + """{"dtype":"F64","shape":[1],"data_offsets":[4,12]},"d":{"dtype":"I64","shape":[],"data_offsets":[12,20]}}""", data));
        Assert.Equal([1, 1, -2], file.Tensors.Select(tensor => tensor.Values.Span[0]));
        Assert.Equal(["d (I64)"], file.PassedOver);
        Assert.Equal(SafetensorsError.UnsupportedDtype, Assert.Throws<SafetensorsException>(
            () => SafetensorsReader.ReadAny(File(OneTensor.Replace("F32", "F8_E4M3", StringComparison.Ordinal), new byte[8]))).Error);
    }

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("\r\n <!DOCTYPE html><html lang=\"ko\"><title>404</title>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 181853\n", "a pointer that git-LFS keeps")]
    [InlineData("404: Not Found", "text that begins with '404: Not Found'")]
    [InlineData("{\"W1\":[[1]]}", "JSON")]
    [InlineData("\u0080\u0003}q\u0000(X\u0002\u0000\u0000\u0000b2", "a Python pickle")]
    [InlineData("(dp0\nS'W1'\n", "a Python pickle")]
    [InlineData("PK\u0003\u0004\u0014\u0000", "a zip archive")]
    [InlineData("\u0093NUMPY\u0001\u0000v\u0000", "a single numpy array")]
    [InlineData("\u0089HDF\r\n\u001A\n\u0000", "an HDF5 file")]
    [InlineData("\u001F\u008B\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0003", "gzip data")]
    [InlineData("\u0008\u0008\u0012\u0007pytorch", "an ONNX model")]
    [InlineData("\u0000\u0000\u0008\u0003\u0000\u0000'\u0010", "one of MNIST's data files")]
    [InlineData("MATLAB 5.0 MAT-file, Platform", "a MATLAB file")]
    [InlineData("\u0089PNG\r\n\u001A\n\u0000", "a picture")]
    public void What_is_something_else_is_named(string latin1, string kind) =>
        Assert.StartsWith($"expected a safetensors file, but this is {kind}",
            Assert.Throws<SafetensorsException>(() => SafetensorsReader.Read(Encoding.Latin1.GetBytes(latin1))).Message);

    /// <summary>A header of 640 bytes begins with 80 02, as a pickle does.</summary>
    [Fact]
    public void A_length_that_looks_like_another_kind_is_no_other_kind()
    {
        var file = File(OneTensor.PadRight(640), new byte[8]);
        Assert.Equal("a", SafetensorsReader.Read(file).Tensors[0].Name);
        Assert.Equal(FileKind.Safetensors, FileKinds.Of(file));
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
