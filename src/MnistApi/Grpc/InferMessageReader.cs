using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MnistApi.OpenInference;
using MnistApi.Overload;
using MnistApi.Predict;

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
            throw Malformed($"expected one input, '{Tensors.Pixels}' or '{Tensors.Image}', got {message.Inputs.Count}");
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
        Action read = input.Datatype switch
        {
            Datatype.Bool => () => Read(contents.BoolContents, "bool_contents", Datatype.Bool),
            Datatype.UInt8 or Datatype.UInt16 or Datatype.UInt32 => () => Read(contents.UintContents, "uint_contents", Datatype.UInt32),
            Datatype.Int8 or Datatype.Int16 or Datatype.Int32 => () => Read(contents.IntContents, "int_contents", Datatype.Int32),
            Datatype.UInt64 => () => Read(contents.Uint64Contents, "uint64_contents", Datatype.UInt64),
            Datatype.Int64 => () => Read(contents.Int64Contents, "int64_contents", Datatype.Int64),
            Datatype.Fp32 => () => Read(contents.Fp32Contents, "fp32_contents", Datatype.Fp32),
            Datatype.Fp64 => () => Read(contents.Fp64Contents, "fp64_contents", Datatype.Fp64),
            _ => throw input.Malformed($"{input.DatatypeName} has no field in contents, expected raw_input_contents"),
        };
        read();
        TensorValues.ApplyScale(batch, input.Datatype, request.Scale);

        // The field gives its elements one by one: side by side they are bytes as in raw_input_contents.
        void Read<T>(RepeatedField<T> field, string name, Datatype datatype)
            where T : unmanaged
        {
            var expected = (long)images * MnistImage.Pixels;
            if (field.Count != expected)
                throw input.Malformed($"{name} has {field.Count} numbers, expected {expected} for {input.ShapeText} {input.DatatypeName}");
            TensorValues.Read(MemoryMarshal.AsBytes<T>(field.ToArray()), datatype, batch);
        }
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
}
