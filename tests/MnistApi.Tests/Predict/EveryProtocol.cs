using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MnistApi.Grpc;
using MnistApi.Tests.Grpc;
using MnistApi.Tests.OpenInference;

namespace MnistApi.Tests.Predict;

/// <summary>The same picture asked by every protocol.</summary>
internal static class EveryProtocol
{
    public static TheoryData<string> Names => ["PNG", "form", "JSON", "V1", "V2", "V2 binary", "gRPC"];

    /// <summary>Sends a picture; gRPC's status comes back as the one that HTTP would answer.</summary>
    public static async Task<HttpStatusCode> SendAsync(string protocol, HttpClient client, GrpcChannel channel, byte[] png)
    {
        if (protocol == "gRPC")
            return await CallAsync(channel, png);
        var base64 = Convert.ToBase64String(png);
        var instances = $"{{\"instances\":[{{\"b64\":\"{base64}\"}}]}}";
        using var response = await (protocol switch
        {
            "PNG" => client.PostAsync("image/png", png),
            "form" => client.PostFilesAsync(("file", "seven.png", png)),
            "JSON" => client.PostJsonAsync(instances),
            "V1" => client.PostAsync(
                "/v1/models/mnist:predict", new StringContent(instances, Encoding.UTF8), TestContext.Current.CancellationToken),
            "V2" => client.InferAsync(
                $"{{\"inputs\":[{{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"{base64}\"]}}]}}"),
            "V2 binary" => client.InferAsync(png, jsonLength: "0"),
            _ => throw new ArgumentOutOfRangeException(nameof(protocol)),
        });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> CallAsync(GrpcChannel channel, byte[] png)
    {
        try
        {
            var contents = new InferTensorContents { BytesContents = { ByteString.CopyFrom(png) } };
            await channel.InferAsync(Calls.Request("BYTES", "image", contents));
            return HttpStatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode switch
            {
                StatusCode.InvalidArgument => HttpStatusCode.BadRequest,
                StatusCode.Unavailable => HttpStatusCode.ServiceUnavailable,
                _ => throw new InvalidOperationException("another status than expected", error),
            };
        }
    }
}
