using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MnistApi.Grpc;

namespace MnistApi.Tests.Grpc;

/// <summary>Unary calls, with no client but the messages.</summary>
internal static class Calls
{
    public const string Inference = "inference.GRPCInferenceService";

    public static GrpcChannel Channel(this Service service, int? maxBytes = 64 << 20) =>
        GrpcChannel.ForAddress(service.Server.BaseAddress,
            new GrpcChannelOptions { HttpHandler = service.Server.CreateHandler(), MaxReceiveMessageSize = maxBytes });

    public static async Task<TResponse> CallAsync<TRequest, TResponse>(
        this GrpcChannel channel, string method, TRequest request, string service = Inference)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        await channel.CreateCallInvoker().AsyncUnaryCall(Method<TRequest, TResponse>(MethodType.Unary, service, method), null,
            new CallOptions(cancellationToken: TestContext.Current.CancellationToken), request);

    public static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, string service, string method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => new(type, service, method, Marshaller<TRequest>(), Marshaller<TResponse>());

    public static Task<ModelInferResponse> InferAsync(this GrpcChannel channel, ModelInferRequest request) =>
        channel.CallAsync<ModelInferRequest, ModelInferResponse>("ModelInfer", request);

    public static async Task<Status> StatusAsync(this Task call) => (await Assert.ThrowsAsync<RpcException>(() => call)).Status;

    /// <summary>A request with one input.</summary>
    public static ModelInferRequest Request(
        string datatype = "UINT8", string name = "pixels", InferTensorContents? contents = null, params byte[][] raw) => new()
        {
            ModelName = "mnist",
            Inputs =
        {
            new ModelInferRequest.Types.InferInputTensor
            {
                Name = name,
                Datatype = datatype,
                Shape = { name == "image" ? [1] : [1, 784] },
                Contents = contents,
            },
        },
            RawInputContents = { raw.Select(bytes => ByteString.CopyFrom(bytes)) },
        };

    private static Marshaller<T> Marshaller<T>()
        where T : class, IMessage<T>, new() => Marshallers.Create(message => message.ToByteArray(), bytes =>
        {
            var message = new T();
            message.MergeFrom(bytes);
            return message;
        });
}
