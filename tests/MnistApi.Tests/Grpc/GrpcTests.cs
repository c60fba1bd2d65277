using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MnistApi.Grpc;

namespace MnistApi.Tests.Grpc;

public sealed class GrpcTests : IDisposable
{
    private const string HealthService = "grpc.health.v1.Health";

    private readonly Service _service = new("Production", ("Grpc:Port", "8081"));
    private readonly GrpcChannel _channel;

    public GrpcTests() => _channel = _service.Channel();

    public static TheoryData<string> Datatypes => ["UINT8", "UINT16", "UINT32", "UINT64", "INT16", "INT32", "INT64", "FP32", "FP64"];

    public void Dispose()
    {
        _channel.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task The_server_and_the_model_describe_themselves()
    {
        Assert.True((await _channel.CallAsync<ServerLiveRequest, ServerLiveResponse>("ServerLive", new())).Live);
        Assert.True((await _channel.CallAsync<ServerReadyRequest, ServerReadyResponse>("ServerReady", new())).Ready);
        Assert.True((await _channel.CallAsync<ModelReadyRequest, ModelReadyResponse>("ModelReady", new() { Name = "mnist" })).Ready);
        Assert.Equal("MnistApi", (await _channel.CallAsync<ServerMetadataRequest, ServerMetadataResponse>("ServerMetadata", new())).Name);
        var model = await _channel.CallAsync<ModelMetadataRequest, ModelMetadataResponse>(
            "ModelMetadata", new() { Name = "mnist", Version = "1" });
        Assert.Equal(["1"], model.Versions);
        Assert.Equal(["pixels UINT8 -1,784", "image BYTES -1"],
            model.Inputs.Select(tensor => $"{tensor.Name} {tensor.Datatype} {string.Join(',', tensor.Shape)}"));
        Assert.Equal(["probabilities FP32 -1,10", "logits FP32 -1,10", "digit INT64 -1"],
            model.Outputs.Select(tensor => $"{tensor.Name} {tensor.Datatype} {string.Join(',', tensor.Shape)}"));
    }

    [Fact]
    public async Task Raw_pixels_give_what_predict_gives()
    {
        var expected = (await _service.CreateClient().PostAsync("application/octet-stream", Pictures.Seven)
            .PredictionsAsync()).Predictions[0].Probabilities;
        var request = Calls.Request(raw: Pictures.Seven);
        request.Id = "one";
        var response = await _channel.InferAsync(request);
        Assert.Equal(
            ("mnist", "1", "one", 255), (response.ModelName, response.ModelVersion, response.Id, response.Parameters["scale"].Int64Param));
        Assert.Equal(["probabilities", "logits", "digit"], response.Outputs.Select(output => output.Name));
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(response.RawOutputContents[0].Span).ToArray());
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(response.RawOutputContents[2].Span));
    }

    [Theory]
    [MemberData(nameof(Datatypes))]
    public async Task Contents_of_any_datatype(string datatype)
    {
        var contents = new InferTensorContents();
        switch (datatype)
        {
            case "UINT8" or "UINT16" or "UINT32": contents.UintContents.AddRange(Pictures.Seven.Select(pixel => (uint)pixel)); break;
            case "INT16" or "INT32": contents.IntContents.AddRange(Pictures.Seven.Select(pixel => (int)pixel)); break;
            case "UINT64": contents.Uint64Contents.AddRange(Pictures.Seven.Select(pixel => (ulong)pixel)); break;
            case "INT64": contents.Int64Contents.AddRange(Pictures.Seven.Select(pixel => (long)pixel)); break;
            case "FP32": contents.Fp32Contents.AddRange(Pictures.Seven.Select(pixel => (float)pixel)); break;
            default: contents.Fp64Contents.AddRange(Pictures.Seven.Select(pixel => (double)pixel)); break;
        }
        var expected = await _channel.InferAsync(Calls.Request(raw: Pictures.Seven));
        Assert.Equal(
            expected.RawOutputContents, (await _channel.InferAsync(Calls.Request(datatype, contents: contents))).RawOutputContents);
    }

    [Fact]
    public async Task Truth_values_are_ink_or_none()
    {
        var ink = Pictures.Seven.Select(pixel => pixel > 127).ToArray();
        var contents = new InferTensorContents { BoolContents = { ink } };
        var expected = Calls.Request(raw: [.. ink.Select(isInk => (byte)(isInk ? 1 : 0))]);
        expected.Parameters["scale"] = new InferParameter { Int64Param = 1 };
        Assert.Equal((await _channel.InferAsync(expected)).RawOutputContents,
            (await _channel.InferAsync(Calls.Request("BOOL", contents: contents))).RawOutputContents);
    }

    [Fact]
    public async Task Pictures_raw_or_in_contents()
    {
        byte[] element = [.. BitConverter.GetBytes(Pictures.SevenPng.Length), .. Pictures.SevenPng];
        var raw = await _channel.InferAsync(Calls.Request("BYTES", "image", raw: element));
        var contents = await _channel.InferAsync(
            Calls.Request("BYTES", "image", new InferTensorContents { BytesContents = { ByteString.CopyFrom(Pictures.SevenPng) } }));
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(raw.RawOutputContents[2].Span));
        Assert.Equal(raw.RawOutputContents, contents.RawOutputContents);
        Assert.Empty(raw.Parameters);
    }

    [Fact]
    public async Task Outputs_asked_for_and_classification()
    {
        var request = Calls.Request(raw: Pictures.Seven);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor
        {
            Name = "probabilities",
            Parameters = { ["classification"] = new InferParameter { Uint64Param = 1 } },
        });
        var response = await _channel.InferAsync(request);
        Assert.Equal("probabilities BYTES 1,1",
            string.Join(" ", response.Outputs.Select(output => $"{output.Name} {output.Datatype} {string.Join(',', output.Shape)}")));
        Assert.EndsWith(":7:7", response.RawOutputContents[0].ToStringUtf8());
    }

    [Fact]
    public async Task Errors_have_the_statuses_of_the_protocol()
    {
        async Task RefusedAsync(StatusCode code, string detail, ModelInferRequest request)
        {
            var status = await _channel.InferAsync(request).StatusAsync();
            Assert.Equal((code, detail), (status.StatusCode, status.Detail));
        }
        await RefusedAsync(StatusCode.NotFound, "there is no model 'x', expected 'mnist'", new() { ModelName = "x" });
        await RefusedAsync(StatusCode.InvalidArgument, "expected one input, 'pixels' or 'image', got 0", new() { ModelName = "mnist" });
        await RefusedAsync(StatusCode.InvalidArgument, "there is no input 'x', expected 'pixels' or 'image'", Calls.Request(name: "x"));
        await RefusedAsync(StatusCode.InvalidArgument, "input 'pixels': expected 784 bytes for [1,784] UINT8, got 783",
            Calls.Request(raw: Pictures.Seven[..783]));
        await RefusedAsync(
            StatusCode.InvalidArgument, "input 'pixels': expected raw_input_contents or contents, got neither", Calls.Request());
        await RefusedAsync(StatusCode.InvalidArgument, "input 'pixels': expected raw_input_contents or contents, got both",
            Calls.Request(contents: new(), raw: Pictures.Seven));
        await RefusedAsync(
            StatusCode.InvalidArgument, "input 'pixels': expected one element of raw_input_contents, as there is one input, got 2",
            Calls.Request(raw: [Pictures.Seven, []]));
        await RefusedAsync(StatusCode.InvalidArgument, "input 'pixels': FP16 has no field in contents, expected raw_input_contents",
            Calls.Request("FP16", contents: new()));
        await RefusedAsync(StatusCode.InvalidArgument, "input 'pixels': uint_contents has 1 numbers, expected 784 for [1,784] UINT8",
            Calls.Request(contents: new() { UintContents = { 1 } }));
        await RefusedAsync(StatusCode.InvalidArgument, "pixels[0][0] is 256, expected 0..255",
            Calls.Request(contents: new() { UintContents = { Enumerable.Repeat(256u, 784) } }));
        await RefusedAsync(StatusCode.InvalidArgument, "input 'image': bytes_contents has 0 elements, expected 1 as its shape is [1]",
            Calls.Request("BYTES", "image", new()));
        var scaled = Calls.Request(raw: Pictures.Seven);
        scaled.Parameters["scale"] = new InferParameter { StringParam = "1" };
        await RefusedAsync(
            StatusCode.InvalidArgument, "parameter 'scale' is \"1\", expected 1 (pixels in 0..1) or 255 (pixels in 0..255)", scaled);
        Assert.Equal(StatusCode.Unimplemented,
            (await _channel.CallAsync<ServerLiveRequest, ServerLiveResponse>("Nothing", new()).StatusAsync()).StatusCode);
    }

    [Theory]
    [InlineData("FP32")]
    [InlineData("FP64")]
    [InlineData("raw FP32")]
    public async Task Fractions_just_above_1_are_refused_with_the_place_and_scale(string form)
    {
        var pixels = Pictures.Seven.Select((pixel, i) => i == 3 ? 1.0001 : pixel / 255.0).ToArray();
        var request = form switch
        {
            "FP32" => Calls.Request(form, contents: new() { Fp32Contents = { pixels.Select(pixel => (float)pixel) } }),
            "FP64" => Calls.Request(form, contents: new() { Fp64Contents = { pixels } }),
            _ => Calls.Request("FP32", raw: [.. pixels.SelectMany(pixel => BitConverter.GetBytes((float)pixel))]),
        };
        var status = await _channel.InferAsync(request).StatusAsync();
        Assert.Equal((StatusCode.InvalidArgument, "pixels[0][3] is 1.0001, and all are at most 2: expected 0..1, "
            + "or 0..255 with \"scale\":255; numbers that overshoot 1 are to be cut off there"), (status.StatusCode, status.Detail));
    }

    [Fact]
    public async Task Inverted_pixels_are_warned_of()
    {
        var inverted = await _channel.InferAsync(Calls.Request(raw: [.. Pictures.Seven.Select(pixel => (byte)(255 - pixel))]));
        Assert.StartsWith("image 0 (1 of 1) has a light border and dark ink", inverted.Parameters["warning"].StringParam);
        Assert.DoesNotContain("warning", (await _channel.InferAsync(Calls.Request(raw: Pictures.Seven))).Parameters.Keys);
    }

    [Theory]
    [InlineData(-1L, 784L)]
    [InlineData(1L, 1L, 784L)]
    [InlineData(-1L, 28L, 28L, 1L)]
    public async Task Dimensions_of_one_and_an_open_number_of_images(params long[] shape)
    {
        var request = Calls.Request(raw: Pictures.Seven);
        request.Inputs[0].Shape.Clear();
        request.Inputs[0].Shape.AddRange(shape);
        Assert.Equal((await _channel.InferAsync(Calls.Request(raw: Pictures.Seven))).RawOutputContents,
            (await _channel.InferAsync(request)).RawOutputContents);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task A_message_beyond_the_limit_is_refused(string? encoding)
    {
        var headers = new Metadata();
        if (encoding is not null)
            headers.Add("grpc-internal-encoding-request", encoding);
        var request = Calls.Request(raw: new byte[(16 << 20) + 1]);
        var call = _channel.CreateCallInvoker().AsyncUnaryCall(
            Calls.Method<ModelInferRequest, ModelInferResponse>(MethodType.Unary, Calls.Inference, "ModelInfer"), null,
                new CallOptions(headers, cancellationToken: TestContext.Current.CancellationToken), request);
        Assert.Equal(StatusCode.ResourceExhausted, (await call.ResponseAsync.StatusAsync()).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Calls.Inference)]
    public async Task Health_is_serving(string service) => Assert.Equal(
        HealthCheckResponse.Types.ServingStatus.Serving, (await CheckAsync(service)).Status);

    [Fact]
    public async Task Health_of_another_service_is_not_found() =>
        Assert.Equal(StatusCode.NotFound, (await CheckAsync("x").StatusAsync()).StatusCode);

    [Fact]
    public async Task Whoever_watches_is_told_of_the_stop()
    {
        using var call = _channel.CreateCallInvoker().AsyncServerStreamingCall(
            Calls.Method<HealthCheckRequest, HealthCheckResponse>(MethodType.ServerStreaming, HealthService, "Watch"), null,
                new CallOptions(cancellationToken: TestContext.Current.CancellationToken), new());
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, call.ResponseStream.Current.Status);
        _service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, call.ResponseStream.Current.Status);
        Assert.False(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("grpc.reflection.v1alpha.ServerReflection")]
    [InlineData("grpc.reflection.v1.ServerReflection")]
    public async Task Reflection_lists_the_services(string reflection)
    {
        using var call = _channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            Calls.Method<ServerReflectionRequest, ServerReflectionResponse>(MethodType.DuplexStreaming, reflection, "ServerReflectionInfo"),
                null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken));
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(new[] { HealthService, Calls.Inference, reflection }.ToHashSet(),
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToHashSet());
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task Without_a_port_there_is_no_grpc()
    {
        await using var plain = new Service();
        using var channel = plain.Channel();
        Assert.Equal(StatusCode.Unimplemented,
            (await channel.CallAsync<ServerLiveRequest, ServerLiveResponse>("ServerLive", new()).StatusAsync()).StatusCode);
        Assert.Null(plain.Services.GetService(typeof(InferenceService)));
    }

    private Task<HealthCheckResponse> CheckAsync(string service) =>
        _channel.CallAsync<HealthCheckRequest, HealthCheckResponse>("Check", new() { Service = service }, HealthService);
}
