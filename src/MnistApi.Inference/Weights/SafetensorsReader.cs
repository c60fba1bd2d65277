using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace MnistApi.Inference.Weights;

/// <summary>
/// Reads safetensors files of float32 tensors: 8 bytes header length (little-endian), a JSON header that gives
/// each tensor's dtype, shape and data_offsets, then the tensors' bytes. Strict: the tensors must fill the rest of the
/// file exactly, without overlap, hole or trailing bytes.
/// </summary>
public static class SafetensorsReader
{
    /// <summary>The longest header that is read, 1 MiB: ours have some hundred bytes.</summary>
    public const int MaxHeaderBytes = 1 << 20;

    private const int PrefixBytes = sizeof(ulong);

    private static readonly Dictionary<string, FloatFormat> s_floats = new()
    {
        ["F16"] = FloatFormat.Float16,
        ["BF16"] = FloatFormat.BFloat16,
        ["F32"] = FloatFormat.Float32,
        ["F64"] = FloatFormat.Float64,
    };

    private static readonly Dictionary<string, int> s_others = new()
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["U16"] = 2,
        ["I16"] = 2,
        ["U32"] = 4,
        ["I32"] = 4,
        ["U64"] = 8,
        ["I64"] = 8,
    };

    /// <summary>Reads a whole file of float32 tensors from memory.</summary>
    /// <exception cref="SafetensorsException">The bytes break a rule of the format; it says which.</exception>
    public static TensorFile Read(ReadOnlySpan<byte> file) => Read(file, anyDtype: false);

    /// <summary>
    /// The same for a file of tensors of any type: floats become float32, the others are named in <see cref="TensorFile.PassedOver"/>.
    /// </summary>
    /// <exception cref="SafetensorsException">The bytes break a rule of the format; it says which.</exception>
    public static TensorFile ReadAny(ReadOnlySpan<byte> file) => Read(file, anyDtype: true);

    private static TensorFile Read(ReadOnlySpan<byte> file, bool anyDtype)
    {
        if (file.Length < PrefixBytes)
        {
            throw FailAs(SafetensorsError.FileTooShort,
                $"expected at least {PrefixBytes} bytes (the header's length), got {file.Length}", file);
        }
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaxHeaderBytes)
        {
            throw FailAs(SafetensorsError.HeaderTooLarge,
                $"expected a header of at most {MaxHeaderBytes} bytes, the file says {headerLength}", file);
        }
        if (headerLength > (ulong)(file.Length - PrefixBytes))
        {
            throw FailAs(SafetensorsError.HeaderTruncated,
                $"the file says its header has {headerLength} bytes, but only {file.Length - PrefixBytes} follow", file);
        }

        var header = file.Slice(PrefixBytes, (int)headerLength);
        var data = file[(PrefixBytes + (int)headerLength)..];
        var (entries, metadata) = ReadHeader(header, anyDtype);
        var others = entries.Where(entry => !s_floats.ContainsKey(entry.Dtype)).Select(entry => $"{entry.Name} ({entry.Dtype})");
        return new TensorFile(ReadTensors(entries, data), metadata) { PassedOver = [.. others] };
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadHeader(ReadOnlySpan<byte> header, bool anyDtype)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
            throw Fail(SafetensorsError.HeaderNotJson, "expected the header to begin with '{'");
        try
        {
            using var document = JsonDocument.Parse(header.ToArray());
            var entries = new List<Entry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw Fail(SafetensorsError.DuplicateName, $"the name '{property.Name}' stands twice in the header");
                if (property.NameEquals("__metadata__"))
                    ReadMetadata(property.Value, metadata);
                else
                    entries.Add(ReadEntry(property.Name, property.Value, anyDtype));
            }
            return (entries, metadata);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Fail(SafetensorsError.HeaderNotJson, $"the header is not valid JSON: {error.Message}", error);
        }
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Fail(SafetensorsError.BadMetadata, $"expected __metadata__ to be an object of strings, got {value.ValueKind}");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw Fail(SafetensorsError.BadMetadata, $"expected __metadata__.{item.Name} to be a string, got {item.Value.ValueKind}");
            if (!metadata.TryAdd(item.Name, item.Value.GetString()!))
                throw Fail(SafetensorsError.DuplicateName, $"the name '{item.Name}' stands twice in __metadata__");
        }
    }

    private static Entry ReadEntry(string name, JsonElement value, bool anyDtype)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Fail(SafetensorsError.BadEntry, $"expected '{name}' to be an object, got {value.ValueKind}");
        string? dtype = null;
        int[]? shape = null;
        long[]? offsets = null;
        foreach (var item in value.EnumerateObject())
        {
            switch (item.Name)
            {
                case "dtype" when dtype is null && item.Value.ValueKind == JsonValueKind.String:
                    dtype = item.Value.GetString();
                    break;
                case "shape" when shape is null && item.Value.ValueKind == JsonValueKind.Array:
                    shape = [.. item.Value.EnumerateArray().Select(d => Whole(d, $"{name}.shape", int.MaxValue)).Select(d => (int)d)];
                    break;
                case "data_offsets" when offsets is null && item.Value.ValueKind == JsonValueKind.Array && item.Value.GetArrayLength() == 2:
                    offsets = [.. item.Value.EnumerateArray().Select(d => Whole(d, $"{name}.data_offsets", long.MaxValue))];
                    break;
                default:
                    throw Fail(SafetensorsError.BadEntry,
                        $"expected '{name}' to have dtype (a string), shape (an array) and data_offsets (two numbers), once each; "
                        + $"got {item.Name}: {item.Value.ValueKind}");
            }
        }
        if (dtype is null || shape is null || offsets is null)
            throw Fail(SafetensorsError.BadEntry, $"expected '{name}' to have dtype, shape and data_offsets");
        if (dtype != "F32" && !(anyDtype && (s_floats.ContainsKey(dtype) || s_others.ContainsKey(dtype))))
        {
            throw Fail(SafetensorsError.UnsupportedDtype,
                $"expected '{name}' to have dtype F32, got {dtype}{(anyDtype ? "" : "; 'mnist convert' reads other floats")}");
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long Whole(JsonElement value, string where, long max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 && number <= max
            ? number
            : throw Fail(SafetensorsError.BadEntry, $"expected whole numbers from 0 to {max} in {where}, got {value.GetRawText()}");

    private static List<Tensor> ReadTensors(List<Entry> entries, ReadOnlySpan<byte> data)
    {
        var tensors = new List<Tensor>(entries.Count);
        long end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            var bytes = SizeInBytes(entry);
            if (entry.End < entry.Start || entry.End - entry.Start != bytes)
            {
                throw Fail(SafetensorsError.SizeMismatch,
                    $"'{entry.Name}' of shape {Shape(entry)} has {bytes} bytes, but its data_offsets are [{entry.Start},{entry.End}]");
            }
            if (entry.End > data.Length)
                throw Fail(SafetensorsError.OutOfBounds, $"'{entry.Name}' ends at byte {entry.End}, but the data has {data.Length} bytes");
            if (entry.Start < end)
                throw Fail(SafetensorsError.Overlap, $"'{entry.Name}' begins at byte {entry.Start}, inside the tensor that ends at {end}");
            if (entry.Start > end)
                throw Fail(SafetensorsError.Hole, $"bytes {end} to {entry.Start}, before '{entry.Name}', belong to no tensor");
            end = entry.End;
            if (s_floats.TryGetValue(entry.Dtype, out var format))
                tensors.Add(new Tensor(entry.Name, entry.Shape, format.ReadAll(data[(int)entry.Start..(int)entry.End])));
        }
        if (end != data.Length)
            throw Fail(SafetensorsError.TrailingBytes, $"{data.Length - end} bytes follow the last tensor");
        return tensors;
    }

    private static long SizeInBytes(Entry entry)
    {
        try
        {
            var size = s_floats.TryGetValue(entry.Dtype, out var format) ? format.Bytes() : s_others[entry.Dtype];
            return entry.Shape.Aggregate((long)size, (product, dimension) => checked(product * dimension));
        }
        catch (OverflowException error)
        {
            throw Fail(SafetensorsError.ShapeOverflow, $"'{entry.Name}' has the shape {Shape(entry)}, more than any file holds", error);
        }
    }

    private static string Shape(Entry entry) => $"[{string.Join(',', entry.Shape)}]";

    private static SafetensorsException Fail(SafetensorsError error, string message, Exception? inner = null) =>
        new(error, message, inner);

    /// <summary>Where the file does not even begin as it should: what it is instead, as far as that is evident.</summary>
    private static SafetensorsException FailAs(SafetensorsError error, string message, ReadOnlySpan<byte> file) =>
        FileKinds.Of(file) is FileKind.Unknown or FileKind.Safetensors
            ? Fail(error, message)
            : Fail(error, $"expected a safetensors file, but this is {FileKinds.Describe(file)}");

    private sealed record Entry(string Name, string Dtype, int[] Shape, long Start, long End);
}
