using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MnistApi.Inference.Weights;

/// <summary>Writes safetensors files that <see cref="SafetensorsReader"/> reads: the same content gives the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8; // the header is padded with spaces, so that the data begins at a multiple of this

    /// <summary>The file's bytes: tensors in the given order, metadata sorted by name.</summary>
    public static byte[] Write(TensorFile file)
    {
        var header = Header(file);
        var dataLength = file.Tensors.Sum(tensor => (long)tensor.Values.Length * sizeof(float));
        var bytes = new byte[checked(sizeof(ulong) + header.Length + dataLength)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, sizeof(ulong));
        var at = sizeof(ulong) + header.Length;
        foreach (var tensor in file.Tensors)
        {
            foreach (var value in tensor.Values.Span)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
                at += sizeof(float);
            }
        }
        return bytes;
    }

    /// <summary>
    /// Writes the file beside its place, then renames it: whoever reads the path sees the old file or the new one, never half of it.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Save(string path, TensorFile file) => ReplaceFile.With(path, Write(file));

    private static byte[] Header(TensorFile file)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (file.Metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (name, value) in file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(name, value);
                json.WriteEndObject();
            }
            long at = 0;
            foreach (var tensor in file.Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += (long)tensor.Values.Length * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
