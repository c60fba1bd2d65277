using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using MnistApi.Benchmarks.Load;
using MnistApi.Grpc;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>What compare.sh and deploy/sizing.sh send and serve: request bodies from
/// MNIST's test images, and the network as an ONNX file.</summary>
internal static class HttpBodies
{
    public static void Write(string folder)
    {
        var pixels = BenchmarkInputs.Pixels("mnist", 100);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), OnnxFile.Of(BenchmarkInputs.Network));
        File.WriteAllBytes(Path.Combine(folder, "raw"), pixels[..MnistImage.Pixels]);
        File.WriteAllBytes(Path.Combine(folder, "raw100"), pixels);
        File.WriteAllBytes(Path.Combine(folder, "photo"), LoadBodies.Photograph);
        File.WriteAllBytes(
            Path.Combine(folder, "png"), PngEncoding.Encode(pixels.AsSpan(0, MnistImage.Pixels), MnistImage.Width, MnistImage.Height));
        File.WriteAllText(Path.Combine(folder, "json1"), Json(pixels, 1), new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(folder, "json100"), Json(pixels, 100), new UTF8Encoding(false));
        File.WriteAllBytes(Path.Combine(folder, "grpc1"), GrpcMessage(pixels[..MnistImage.Pixels]));
        File.WriteAllBytes(Path.Combine(folder, "grpc100"), GrpcMessage(pixels));
    }

    /// <summary>A ModelInferRequest as it goes over the wire: whether it is compressed, its length, itself.</summary>
    private static byte[] GrpcMessage(byte[] pixels)
    {
        var message = new ModelInferRequest
        {
            ModelName = "mnist",
            Inputs =
            {
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "pixels",
                    Datatype = "UINT8",
                    Shape = { pixels.Length / MnistImage.Pixels, MnistImage.Pixels },
                },
            },
            RawInputContents = { ByteString.CopyFrom(pixels) },
        }.ToByteArray();
        var frame = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return [.. frame, .. message];
    }

    private static string Json(byte[] pixels, int images)
    {
        var instances = pixels.Chunk(MnistImage.Pixels).Take(images).Select(image => $"[{string.Join(',', image)}]");
        return $"{{\"instances\":[{string.Join(',', instances)}]}}";
    }
}
