using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using MnistApi.Cli.Tests;
using MnistApi.Grpc;
using MnistApi.Imaging;
using MnistApi.Inference.Weights;
using MnistApi.TestData;

namespace MnistApi.Fuzzing;

/// <summary>
/// What the fuzzer begins with: a few small files a target, one for each way through its parser. Nothing in them is anybody's data.
/// </summary>
internal static class Seeds
{
    public static void Write(string folder)
    {
        WriteAll("png", Pngs());
        WriteAll("jpeg", Jpegs());
        WriteAll("json", Documents().Select(text => Encoding.UTF8.GetBytes(text)));
        WriteAll("idx", Idx());
        WriteAll("safetensors", Safetensors());
        WriteAll("pickle", Numpy());
        WriteAll("torch", Archives());
        WriteAll("npz", Arrays());
        WriteAll("onnx", Models());
        WriteAll("infer", Inferences());
        WriteAll("grpc", Messages());

        void WriteAll(string target, IEnumerable<byte[]> files)
        {
            var name = 0;
            Directory.CreateDirectory(Path.Combine(folder, target));
            foreach (var file in files)
                File.WriteAllBytes(Path.Combine(folder, target, $"{name++:D2}"), file);
        }
    }

    private static IEnumerable<byte[]> Pngs()
    {
        foreach (var (colour, depth) in RawPng.Kinds)
        {
            var isPalette = colour == 3;
            var most = (1 << depth) - 1;
            var png = new RawPng(9, 7, colour, depth, IsInterlaced: depth == 8)
            {
                Filter = depth < 8 ? 0 : 5,
                Palette = isPalette ? [.. Enumerable.Range(0, Math.Min(most + 1, 4))
                    .SelectMany(i => new byte[] { (byte)(60 * i), 0, (byte)(255 - 60 * i) })] : null,
                Transparency = isPalette ? [0, 128] : colour == 0 && depth == 8 ? [0, 7] : null,
            };
            yield return [1, .. png.Of((x, y, channel) =>
                (x == 4 ? most : (x + y + channel) % 2) & (isPalette ? Math.Min(most, 3) : most))];
        }
        // 28x28 grey: the header and lengths in short, then rows without a filter
        yield return [2, 0, 12, 0, 12, 8, 0, 0, 0, 0, .. Enumerable.Range(0, 12)
            .SelectMany(y => Enumerable.Range(0, 13).Select(x => x is 6 or 7 && y is > 1 and < 10 ? (byte)255 : (byte)0))];
        var paper = new byte[40 * 40];
        for (var i = 0; i < paper.Length; i++)
            paper[i] = (byte)(200 - 2 * (i % 40) - i / 40 - (i % 40 is > 17 and < 22 && i / 40 is > 8 and < 32 ? 90 : 0) + i * 7 % 5);
        yield return [0, .. PngEncoding.Encode(paper, 40, 40)]; // a ground that must be fitted
    }

    /// <summary>Baseline in grey and colours, progressive, printing inks: one small drawing of ours.</summary>
    private static IEnumerable<byte[]> Jpegs() =>
        Directory.EnumerateFiles(Path.Combine("tests", "MnistApi.TestData"), "*.jpg") // from the repository's root
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static IEnumerable<string> Documents()
    {
        string Numbers(string number) => $"[{string.Join(',', Enumerable.Repeat(number, 784))}]";
        string Row(string number) => $"[{string.Join(", ", Enumerable.Repeat(number, 28))}]";
        string Rows(string number) => $"[{string.Join(", ", Enumerable.Repeat(Row(number), 28))}]";
        yield return $"{{\"instances\":[{Numbers("0")}]}}";
        yield return $"{{\"instances\": [{Rows("25")}], \"scale\": 255}}";
        yield return $"{{\"scale\":1,\"instances\":[{Numbers("0.5")},{Numbers("1")}]}}";
        yield return $"{{\"instances\":[{Rows("1e-1")}]}}";
        var png = new RawPng(6, 6, 0, 8).Of((x, y, _) => x == 3 && y is > 0 and < 5 ? 255 : 0);
        yield return $"{{\"instances\":[{{\"b64\":\"{Convert.ToBase64String(png)}\"}}]}}";
        yield return """{"instances":[{"b\u00364":"\u0041A=="}],"scale":255.0}""";
        yield return """{"instances":[],"instances":[[[1]]],"x":"\ud83d\ude00"}""";
    }

    private static IEnumerable<byte[]> Idx()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8],
            labels = [0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9];
        yield return images;
        yield return labels;
        yield return Gzip(images, CompressionLevel.Optimal);
        yield return Gzip(labels, CompressionLevel.NoCompression);
        yield return [.. Gzip(labels[..4], CompressionLevel.Optimal), .. Gzip(labels[4..], CompressionLevel.Optimal)];
    }

    private static byte[] Gzip(byte[] plain, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
            gzip.Write(plain);
        return packed.ToArray();
    }

    private static IEnumerable<byte[]> Safetensors()
    {
        var tensors = new Tensor[] { new("W1", [2, 3], new float[6]), new("b1", [3], new float[] { 1, 2, 3 }) };
        yield return SafetensorsWriter.Write(
            new TensorFile(tensors, new Dictionary<string, string> { ["activations"] = "softmax", ["name"] = "ü\"" }));
        yield return SafetensorsWriter.Write(
            new TensorFile([new Tensor("a", [], new float[] { 1 }), new Tensor("b", [0, 5], Array.Empty<float>())], new Dictionary<string,
            string>()));
        var network = new Tensor[] { new("W1", [784, 10], new float[7840]), new("b1", [10], new float[10]) };
        yield return SafetensorsWriter.Write(new TensorFile(network, new Dictionary<string, string> { ["activations"] = "softmax" }));
    }

    private static IEnumerable<byte[]> Numpy()
    {
        var numbers = new byte[24];
        yield return Pickle.OfArrays([("W1", [2, 3], numbers), ("b1", [3], numbers[..12])]);
        yield return Pickle.OfArrays([("W1", [3], numbers)], "f8", ">", isFortran: true, protocol: 2);
        yield return Pickle.OfArrays([("W1", [2, 3], numbers)], numpy: "numpy._core", protocol: 4);
        yield return Pickle.OfBuffers([("W1", [2, 3], numbers), ("b1", [6], numbers)], order: "F");
        yield return new Pickle().Add((byte)']', (byte)'q', 0, (byte)'(').Int(5)
            .Add((byte)'e', (byte)'h', 0, (byte)'a', (byte)'}', 0x94, 0x8A, 2, 1, 2).Add((byte)'N', (byte)'s', (byte)'0').Done();
        yield return Text;
        yield return Zip(("W1.npy", Npy("(2, 3,)", numbers)), ("b1.npy", Npy("(3,)", numbers[..12])));
    }

    /// <summary>Python 2's text, lists, and what else may lie beside the arrays.</summary>
    private static byte[] Text => Encoding.ASCII.GetBytes(
        "(dp0\nS'a\\x00'\np1\nL12L\nsV\\u0041\np2\n(lp3\nI01\naF0.5\nag1\nasS'W1'\n(I1\ntp4\ns.");

    private static IEnumerable<byte[]> Archives()
    {
        yield return Input(Torch.StateDict(Torch.Whole("fc.weight", "0", 10, 784)), new byte[31360]);
        yield return Input(Torch.StateDict(new Torch.View("a.weight", "0", 12, 2, [2, 3], [1, 2]), Torch.Whole("a.bias", "0", 12)),
            new byte[48]);
        yield return Input(Torch.StateDict(new Torch.View("bn.running_mean", "0", 4, 0, [4], [1], "HalfStorage")), new byte[8]);
        yield return Input(Torch.StateDict(new Torch.View("n", "0", 1, 0, [], [], "LongStorage")), new byte[8]);

        static byte[] Input(byte[] pickle, byte[] data) => [(byte)pickle.Length, (byte)(pickle.Length >> 8), .. pickle, .. data];
    }

    private static IEnumerable<byte[]> Models()
    {
        yield return OnnxBytes.Small();
        yield return OnnxBytes.Of([("MatMul", ["x", "w"], "a"), ("Softmax", ["a"], "y")]);
        yield return OnnxBytes.Of([("Reshape", ["x", "w"], "r"), ("Gemm", ["r", "w"], "a"), ("Relu", ["a"], "z"), ("ArgMax", ["z"], "y")]);
        yield return OnnxBytes.Of([("Div", ["x", "w"], "d"), ("BatchNormalization", ["d", "w", "w", "w", "w"], "y")]);
    }

    /// <summary>Two arrays, as the target puts them into an archive: the first's length in two bytes, then both.</summary>
    private static IEnumerable<byte[]> Arrays()
    {
        yield return Input(Npy("(784, 10,)", new byte[31360]), Npy("(10,)", new byte[40]));
        yield return Input(Npy("(784, 1,)", new byte[6272], "<f8", isFortran: true), Npy("(10, 1)", new byte[20], ">f2"));
        yield return Input(Npy("()", new byte[8], "<i8"), [0x93, .. "NUMPY"u8, 2, 0, 1, 0, 0, 0, (byte)'{']);

        static byte[] Input(byte[] first, byte[] second) => [(byte)first.Length, (byte)(first.Length >> 8), .. first, .. second];
    }

    private static byte[] Npy(string shape, byte[] data, string type = "<f4", bool isFortran = false)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    /// <summary>An archive of the same bytes each time.</summary>
    public static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var content = entry.Open();
                content.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    private static IEnumerable<byte[]> Inferences()
    {
        var png = new RawPng(6, 6, 0, 8).Of((x, y, _) => x == 3 && y is > 0 and < 5 ? 255 : 0);
        var numbers = string.Join(',', Enumerable.Repeat("0.5", 784));
        yield return Body("""{"id":"a","parameters":{"scale":255,"binary_data_output":true},"inputs":"""
            + """[{"name":"pixels","shape":[1,784],"datatype":"UINT8","parameters":{"binary_data_size":784}}],"outputs":"""
            + """[{"name":"digit","parameters":{"binary_data":false}}]}""", new byte[784]);
        yield return Body($$$"""{"inputs":[{"name":"pixels","shape":[1,28,28],"datatype":"FP32","data":[{{{numbers}}}]}],"outputs":"""
            + """[{"name":"probabilities","parameters":{"classification":3}}]}""", []);
        yield return Body("""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","parameters":"""
            + $$$"""{"binary_data_size":{{{png.Length + 4}}}}}],"parameters":{"preprocess":"none"}}""",
            [(byte)png.Length, 0, 0, 0, .. png]);
        yield return Body($$"""{"inputs":[{"name":"image","datatype":"BYTES","data":["{{Convert.ToBase64String(png)}}"],"shape":[1,1]}]}""",
            []);
        yield return Body("""{"inputs":[{"name":"pixels","shape":[1,784],"datatype":"FP16","parameters":{"binary_data_size":1568}}]}""",
            new byte[1568]);
        yield return Body("", new byte[784]);
        yield return Body("", png);

        static byte[] Body(string json, byte[] data) =>
            [(byte)json.Length, (byte)(json.Length >> 8), .. Encoding.ASCII.GetBytes(json), .. data];
    }

    private static IEnumerable<byte[]> Messages()
    {
        var raw = new ModelInferRequest
        {
            ModelName = "mnist",
            Id = "a",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "pixels", Datatype = "UINT8", Shape = { 1, 784 } } },
            RawInputContents = { ByteString.CopyFrom(new byte[784]) }
        };
        raw.Parameters.Add("scale", new InferParameter { Int64Param = 255 });
        raw.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "digit" });
        yield return raw.ToByteArray();
        var floats = new ModelInferRequest
        {
            Inputs =
            { new ModelInferRequest.Types.InferInputTensor { Name = "pixels", Datatype = "FP32", Shape = { 1, 28, 28 },
            Contents = new InferTensorContents() } }
        };
        floats.Inputs[0].Contents.Fp32Contents.Add(new float[784]);
        yield return floats.ToByteArray();
        var png = new RawPng(6, 6, 0, 8).Of((x, y, _) => x == 3 && y is > 0 and < 5 ? 255 : 0);
        var picture = new ModelInferRequest
        {
            Inputs =
            { new ModelInferRequest.Types.InferInputTensor { Name = "image", Datatype = "BYTES", Shape = { 1 },
            Contents = new InferTensorContents() } }
        };
        picture.Inputs[0].Contents.BytesContents.Add(ByteString.CopyFrom(png));
        yield return picture.ToByteArray();
    }
}
