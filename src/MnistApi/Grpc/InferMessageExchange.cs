using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MnistApi.OpenInference;
using MnistApi.Overload;

namespace MnistApi.Grpc;

/// <summary>A ModelInferRequest, whose data is raw or in the contents' fields. Outputs are raw: every client reads them so.</summary>
internal sealed class InferMessageExchange(ModelInferRequest message, LimitOptions limits) : Exchange<ModelInferResponse>(limits)
{
    private readonly InferRequest _asked = new();

    public override bool WantsLogits => _asked.WantsLogits;

    /// <summary>The message has come before a service is called.</summary>
    public override ValueTask<long> ReceiveAsync(HttpRequest request, BodyBudget budget, CancellationToken cancellation) =>
        ValueTask.FromResult((long)message.CalculateSize());

    public override void Read(RequestImages images)
    {
        ReadQuestion();
        images.Preprocess = _asked.Preprocess;
        var input = _asked.Input;
        var raw = message.RawInputContents;
        var contents = message.Inputs[0].Contents;
        var count = input.CheckedImages(Limits, contents is null ? 0 : ElementsIn(contents), raw.Count == 1 ? raw[0].Span : default);
        if (raw.Count > 0 && contents is not null)
            throw input.Malformed("expected raw_input_contents or contents, got both");
        if (raw.Count > 1)
            throw input.Malformed($"expected one element of raw_input_contents, as there is one input, got {raw.Count}");
        if (raw.Count == 1)
            InferReader.ReadBinary(raw[0].Memory, _asked, count, images);
        else if (contents is null)
            throw input.Malformed("expected raw_input_contents or contents, got neither");
        else if (input.IsImage)
            ReadPictures(contents.BytesContents, input, count, images);
        else
            ReadPixels(contents, _asked, count, images.Pixels);
    }

    public override ModelInferResponse Write(LoadedModel model, RequestImages images, Scores scores)
    {
        var response = new ModelInferResponse { ModelName = model.Name, ModelVersion = model.Version, Id = _asked.Id };
        if (_asked.ScaleOf(images.Pixels) is { } scale)
            response.Parameters[InferRequest.ScaleKey] = new InferParameter { Int64Param = scale };
        if (_asked.WarningOf(images.Pixels) is { } warning)
            response.Parameters[InferRequest.WarningKey] = new InferParameter { StringParam = warning };
        foreach (var output in _asked.Outputs)
        {
            response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor
            {
                Name = output.Tensor.Name,
                Datatype = OutputData.DatatypeOf(output).Name(),
                Shape = { OutputData.ShapeOf(output, scores.Images) },
            });
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(OutputData.Bytes(output, scores)));
        }
        return response;
    }

    private void ReadQuestion()
    {
        if (message.Inputs.Count != 1)
            throw Malformed($"expected one input, '{Tensors.Pixels}' or '{Tensors.Image}', got {message.Inputs.Count}");
        _asked.Id = message.Id;
        foreach (var (name, value) in message.Parameters)
            _asked.Set(name, ValueOf(value));
        var input = message.Inputs[0];
        (_asked.Input.Name, _asked.Input.DatatypeName, _asked.Input.Shape) = (input.Name, input.Datatype, [.. input.Shape]);
        foreach (var requested in message.Outputs)
        {
            var output = RequestedOutput.Of(requested.Name);
            foreach (var (name, value) in requested.Parameters)
                output = output.With(name, ValueOf(value));
            _asked.Add(output);
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
