using System.Buffers;
using System.Numerics;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MnistApi.Inference;
using MnistApi.OpenInference;
using MnistApi.Overload;
using MnistApi.Predict;
using MnistApi.Problems;

namespace MnistApi.Grpc;

/// <summary>Reads a ModelInferRequest: what it asks, then its data, raw or in the contents' fields.</summary>
internal sealed class InferMessageReader(ModelInferRequest message, LimitOptions limits) : IRequestReader
{
    /// <summary>What the request asks beside its data; known once it is read.</summary>
    public InferRequest Asked { get; } = new();

    /// <summary>The message has come before a service is called.</summary>
    public ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation) =>
        ValueTask.FromResult((long)message.CalculateSize());

    public void Read(RequestImages images)
    {
        ReadQuestion();
        images.Preprocess = Asked.Preprocess;
        var input = Asked.Input;
        var raw = message.RawInputContents;
        var contents = message.Inputs[0].Contents;
        var count = input.CheckedImages(limits, contents is null ? 0 : ElementsIn(contents), raw.Count == 1 ? raw[0].Span : default);
        if (raw.Count > 0 && contents is not null)
            throw input.Malformed("expected raw_input_contents or contents, got both");
        if (raw.Count > 1)
            throw input.Malformed($"expected one element of raw_input_contents, as there is one input, got {raw.Count}");
        if (raw.Count == 1)
            InferReader.ReadBinary(raw[0].Memory, Asked, count, images);
        else if (contents is null)
            throw input.Malformed("expected raw_input_contents or contents, got neither");
        else if (input.IsImage)
            ReadPictures(contents.BytesContents, input, count, images);
        else
            ReadPixels(contents, Asked, count, images.Pixels);
    }

    public void Dispose()
    {
        // The message belongs to gRPC.
    }

    /// <summary>Reads everything but the data.</summary>
    private void ReadQuestion()
    {
        if (message.Inputs.Count != 1)
        {
            throw new RefusedException(Refusal.Malformed,
                $"expected one input, '{Tensors.Pixels}' or '{Tensors.Image}', got {message.Inputs.Count}");
        }
        Asked.Id = message.Id;
        foreach (var (name, value) in message.Parameters)
            Asked.Set(name, ValueOf(value));
        var input = message.Inputs[0];
        (Asked.Input.Name, Asked.Input.DatatypeName, Asked.Input.Shape) = (input.Name, input.Datatype, [.. input.Shape]);
        foreach (var requested in message.Outputs)
        {
            var output = RequestedOutput.Of(requested.Name);
            foreach (var (name, value) in requested.Parameters)
                output = output.With(name, ValueOf(value));
            Asked.Add(output);
        }
    }

    /// <summary>Elements of the one field that has any.</summary>
    private static int ElementsIn(InferTensorContents contents) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count
        + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;

    private static void ReadPictures(RepeatedField<ByteString> files, InputTensor input, int count, RequestImages images)
    {
        if (files.Count != count)
            throw input.Malformed($"bytes_contents has {files.Count} elements, expected {count} as its shape is {input.ShapeText}");
        foreach (var file in files)
            PictureElements.Add(file.Memory, images);
    }

    private static void ReadPixels(InferTensorContents contents, InferRequest request, int images, PixelBatch batch)
    {
        var input = request.Input;
        switch (input.Datatype)
        {
            case Datatype.Bool: ReadTruths(contents.BoolContents, "bool_contents", input, images, batch); break;
            case Datatype.UInt8 or Datatype.UInt16 or Datatype.UInt32:
                ReadWhole(contents.UintContents, "uint_contents", input, images, batch);
                break;
            case Datatype.Int8 or Datatype.Int16 or Datatype.Int32:
                ReadWhole(contents.IntContents, "int_contents", input, images, batch);
                break;
            case Datatype.UInt64: ReadWhole(contents.Uint64Contents, "uint64_contents", input, images, batch); break;
            case Datatype.Int64: ReadWhole(contents.Int64Contents, "int64_contents", input, images, batch); break;
            case Datatype.Fp32: ReadReal(contents.Fp32Contents, "fp32_contents", input, images, batch); break;
            case Datatype.Fp64: ReadReal(contents.Fp64Contents, "fp64_contents", input, images, batch); break;
            default: throw input.Malformed($"{input.DatatypeName} has no field in contents, expected raw_input_contents");
        }
        TensorValues.ApplyScale(batch, input.Datatype, request.Scale);
    }

    private static void ReadTruths(RepeatedField<bool> field, string name, InputTensor input, int images, PixelBatch batch)
    {
        using var values = new Values<bool>(field, name, input, images);
        var pixels = batch.AddBytes(images);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = values.Span[i] ? (byte)1 : (byte)0;
    }

    private static void ReadWhole<T>(RepeatedField<T> field, string name, InputTensor input, int images, PixelBatch batch)
        where T : unmanaged, IBinaryInteger<T>
    {
        using var values = new Values<T>(field, name, input, images);
        TensorValues.ReadWhole(values.Span, batch);
    }

    private static void ReadReal<T>(RepeatedField<T> field, string name, InputTensor input, int images, PixelBatch batch)
        where T : unmanaged, IFloatingPoint<T>
    {
        using var values = new Values<T>(field, name, input, images);
        TensorValues.ReadReal(values.Span, batch);
    }

    private static Parameter ValueOf(InferParameter parameter) => parameter.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.BoolParam => new Parameter(Flag: parameter.BoolParam),
        InferParameter.ParameterChoiceOneofCase.Int64Param => new Parameter(Number: parameter.Int64Param),
        InferParameter.ParameterChoiceOneofCase.Uint64Param => new Parameter(Number: parameter.Uint64Param),
        InferParameter.ParameterChoiceOneofCase.DoubleParam => new Parameter(Number: parameter.DoubleParam),
        InferParameter.ParameterChoiceOneofCase.StringParam => new Parameter(Text: parameter.StringParam),
        _ => default,
    };

    /// <summary>A field's elements side by side, in a rented array. The field itself only gives them one by one.</summary>
    private readonly ref struct Values<T>
    {
        private readonly T[] _rented;

        public Values(RepeatedField<T> field, string name, InputTensor input, int images)
        {
            var expected = (long)images * MnistImage.Pixels;
            if (field.Count != expected)
                throw input.Malformed($"{name} has {field.Count} numbers, expected {expected} for {input.ShapeText} {input.DatatypeName}");
            _rented = ArrayPool<T>.Shared.Rent(field.Count);
            field.CopyTo(_rented, 0);
            Span = _rented.AsSpan(0, field.Count);
        }

        public ReadOnlySpan<T> Span { get; }

        public void Dispose() => ArrayPool<T>.Shared.Return(_rented);
    }
}
