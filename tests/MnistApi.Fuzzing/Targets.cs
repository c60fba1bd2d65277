using Google.Protobuf;
using MnistApi.Cli.Foreign;
using MnistApi.Cli.Tests;
using MnistApi.Grpc;
using MnistApi.Imaging;
using MnistApi.Inference.Datasets;
using MnistApi.Inference.Weights;
using MnistApi.OpenInference;
using MnistApi.Predict;
using MnistApi.Problems;
using MnistApi.TestData;

namespace MnistApi.Fuzzing;

/// <summary>
/// One entry a parser: any bytes give a result or the parser's own exception. Whatever else comes out is a finding. A parser of another
/// format is one more line here and one in <see cref="Seeds"/>.
/// </summary>
internal static class Targets
{
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>
    {
        ["png"] = Png,
        ["jpeg"] = Read,
        ["json"] = Json,
        ["idx"] = Idx,
        ["safetensors"] = Safetensors,
        ["pickle"] = Foreign,
        ["torch"] = TorchArchive,
        ["npz"] = Npz,
        ["onnx"] = Foreign,
        ["infer"] = Infer,
        ["grpc"] = Grpc,
    };

    private const int MaxPixels = 1 << 16; // larger pictures only take longer

    /// <summary>The first byte says how far the rest is helped: a fuzzer does not find checksums by chance.</summary>
    private static void Png(byte[] input)
    {
        if (input.Length == 0)
            return;
        var file = input[1..];
        var png = (input[0] % 3) switch { 0 => file, 1 => RawPng.WithChecksums(file), _ => FromRows(file) };
        Read(png);
    }

    private static void Read(byte[] file)
    {
        var result = new byte[784];
        foreach (var preprocess in (ReadOnlySpan<Preprocess>)[Preprocess.Auto, Preprocess.None])
        {
            try
            {
                DigitReader.ReadDigit(file, MaxPixels, preprocess).Digits[0].Pixels.CopyTo(result);
            }
            catch (PictureException)
            {
                // refused, with a reason
            }
        }
    }

    /// <summary>Seven bytes of header, the palette's and the transparency's length, these, and the rows, which are packed here.</summary>
    private static byte[] FromRows(byte[] input)
    {
        if (input.Length < 9)
            return input;
        var png = new RawPng(input[0] << 8 | input[1], input[2] << 8 | input[3], input[4], input[5], (input[6] & 1) != 0);
        int palette = Math.Min(input[7] * 3, input.Length - 9), transparency = Math.Min(input[8], input.Length - 9 - palette);
        return (png with
        {
            Palette = palette > 0 ? input[9..(9 + palette)] : null,
            Transparency = transparency > 0 ? input[(9 + palette)..(9 + palette + transparency)] : null,
        }).With(RawPng.Pack(input[(9 + palette + transparency)..], System.IO.Compression.CompressionLevel.NoCompression));
    }

    /// <summary>Both readers: the same images, or the same refusal.</summary>
    private static void Json(byte[] input)
    {
        using var fast = new RequestImages(Limits());
        using var strict = new RequestImages(Limits());
        if (Read(input, fast, isFast: true) != Read(input, strict, isFast: false))
            throw new InvalidOperationException("one reader refuses what the other accepts, or says so in other words");
        fast.Pixels.BecomeFloats();
        strict.Pixels.BecomeFloats();
        if (fast.Pixels.Scale != strict.Pixels.Scale || !fast.Pixels.Floats.Span.SequenceEqual(strict.Pixels.Floats.Span))
            throw new InvalidOperationException("the two readers differ");
    }

    private static string? Read(byte[] input, RequestImages images, bool isFast)
    {
        try
        {
            InstancesReader.Read(input, Limits().Instances, images, isFast: isFast);
            images.ReadPictures(CancellationToken.None);
            return null;
        }
        catch (Exception error) when (error is RefusedException or PictureException)
        {
            images.Pixels.Clear();
            return error.Message;
        }
    }

    private static void Idx(byte[] input)
    {
        for (var dimensions = 1; dimensions <= 3; dimensions += 2)
        {
            try
            {
                var array = IdxReader.Read(input, dimensions);
                if (array.Dimensions.Aggregate(1L, (product, size) => product * size) != array.Bytes.Length)
                    throw new InvalidOperationException("the dimensions do not fit the bytes");
            }
            catch (IdxFormatException)
            {
                // refused, with a reason
            }
        }
    }

    /// <summary>What is read is written and read again.</summary>
    private static void Safetensors(byte[] input)
    {
        Foreign(input);
        try
        {
            var file = SafetensorsReader.Read(input);
            var again = SafetensorsReader.Read(SafetensorsWriter.Write(file));
            if (!again.Tensors.Select(tensor => (tensor.Name, tensor.ShapeText))
                .SequenceEqual(file.Tensors.Select(tensor => (tensor.Name, tensor.ShapeText)))
                || !again.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .SequenceEqual(file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)))
            {
                throw new InvalidOperationException("written and read again it is another file");
            }
            WeightsFile.Read(input);
        }
        catch (Exception error) when (error is SafetensorsException or WeightsFormatException)
        {
            // refused, with a reason
        }
    }

    /// <summary>
    /// All readers of other frameworks' networks: the beginning of the file leads to one of them, as it does for everybody.
    /// </summary>
    private static void Foreign(byte[] input)
    {
        try
        {
            ForeignWeights.Read(input, new ConversionOptions());
        }
        catch (WeightsFormatException)
        {
            // refused, with a reason
        }
    }

    /// <summary>
    /// Two bytes say how much is the pickle, the rest are the numbers; the archive around them is made here, with right checksums.
    /// </summary>
    private static void TorchArchive(byte[] input)
    {
        if (input.Length < 2)
            return;
        var length = Math.Min(input[0] | input[1] << 8, input.Length - 2);
        Foreign(Torch.Archive(input[2..(2 + length)], ("data/0", input[(2 + length)..])));
    }

    /// <summary>Two bytes say how much is the first array's file, the rest is the second's; the archive is made here.</summary>
    private static void Npz(byte[] input)
    {
        if (input.Length < 2)
            return;
        var length = Math.Min(input[0] | input[1] << 8, input.Length - 2);
        Foreign(Seeds.Zip(("W1.npy", input[2..(2 + length)]), ("b1.npy", input[(2 + length)..])));
    }

    /// <summary>The Open Inference Protocol's body: two bytes say how much of it is JSON.</summary>
    private static void Infer(byte[] input)
    {
        if (input.Length < 2)
            return;
        var body = input.AsMemory(2);
        var jsonLength = Math.Min(input[0] | input[1] << 8, body.Length);
        using var images = new RequestImages(Limits());
        try
        {
            InferReader.Read(body, jsonLength, Limits(), images);
            images.ReadPictures(CancellationToken.None);
            if (images.Pixels.Count == 0)
                throw new InvalidOperationException("there is no image");
        }
        catch (Exception error) when (error is RefusedException or PictureException)
        {
            // refused, with a reason
        }
    }

    private static void Grpc(byte[] input)
    {
        using var images = new RequestImages(Limits());
        try
        {
            using var reader = new InferMessageExchange(ModelInferRequest.Parser.ParseFrom(input), Limits());
            reader.Read(images);
            images.ReadPictures(CancellationToken.None);
        }
        catch (Exception error) when (error is RefusedException or PictureException or InvalidProtocolBufferException)
        {
            // refused, with a reason
        }
    }

    private static LimitOptions Limits() => new() { Instances = 10, PicturePixels = MaxPixels };
}
