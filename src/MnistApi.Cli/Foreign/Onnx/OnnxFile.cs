using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MnistApi.Inference.Weights;

namespace MnistApi.Cli.Foreign.Onnx;

/// <summary>From an ONNX file's bytes to its messages, and from a message to a tensor. Only tensors may be many bytes.</summary>
internal static class OnnxFile
{
    public const int Float = 1; // of ONNX's element types

    private const int MinOpset = 7;
    private const int MaxFields = 100_000; // two bytes may ask for an object of a hundred

    /// <exception cref="InvalidProtocolBufferException">The bytes are no such file.</exception>
    public static ModelProto Parse(ReadOnlyMemory<byte> file)
    {
        using var fields = new CodedInputStream(file.ToArray());
        Count(fields, ModelProto.Descriptor, file.Length, 0);
        var model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(file.Span);
        if (model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx") is { Version: < MinOpset and var version })
        {
            throw new WeightsFormatException(
                $"expected ONNX opset {MinOpset} or later, got {version}; export it again with opset_version=17");
        }
        if (model.Graph?.SparseInitializer.Count > 0)
            throw new WeightsFormatException("the ONNX file has sparse weights, which are not read");
        return model;
    }

    /// <summary>Counts what would become objects or elements of lists, before anything is made of them.</summary>
    private static long Count(CodedInputStream fields, MessageDescriptor type, long end, long count)
    {
        while (fields.Position < end && fields.ReadTag() is var tag and not 0)
        {
            count++;
            var isBytes = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            var field = isBytes ? type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) : null;
            if (field?.FieldType == FieldType.Message)
                count = Count(fields, field.MessageType, fields.ReadLength() + fields.Position, count);
            else if (field?.FieldType == FieldType.Int64) // packed, a byte each or more
                count += fields.ReadBytes().Length;
            else
                fields.SkipLastField();
            if (count > MaxFields)
                throw new WeightsFormatException($"expected an ONNX file of at most {MaxFields} fields");
        }
        return count;
    }

    /// <summary>Null where it holds no floats.</summary>
    public static Tensor? ToTensor(TensorProto tensor)
    {
        if (tensor.DataLocation == 1)
            throw new WeightsFormatException($"'{tensor.Name}' lies in a file beside this one; save with save_as_external_data=False");
        FloatFormat? format = tensor.DataType switch
        {
            Float => FloatFormat.Float32,
            10 => FloatFormat.Float16,
            11 => FloatFormat.Float64,
            16 => FloatFormat.BFloat16,
            _ => null,
        };
        if (format is not { } floats)
            return null;
        var halves = new byte[tensor.Int32Data.Count * sizeof(ushort)];
        for (var i = 0; i < tensor.Int32Data.Count; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(halves.AsSpan(i * sizeof(ushort)), (ushort)tensor.Int32Data[i]);
        ReadOnlyMemory<byte>[] stores = [tensor.RawData.Memory, tensor.FloatData.Memory, tensor.DoubleData.Memory, halves];
        var bytes = Array.Find(stores, store => store.Length > 0);
        return TensorDecoder.Decode(tensor.Dims, floats, false, bytes.Span) with { Name = tensor.Name };
    }
}
