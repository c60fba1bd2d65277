using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace MnistApi.Tests.OpenInference;

/// <summary>The binary tensor extension and compressed bodies.</summary>
public sealed class BinaryTests(Service service) : IClassFixture<Service>
{
    private const string BinaryOutputs = ",\"parameters\":{\"binary_data_output\":true}";
    private readonly HttpClient _client = service.CreateClient();

    public static TheoryData<string, byte[]> Tensors => new()
    {
        { "UINT8", Pictures.Seven },
        { "UINT16", Bytes(pixel => (ushort)pixel) },
        { "UINT32", Bytes(pixel => (uint)pixel) },
        { "UINT64", Bytes(pixel => (ulong)pixel) },
        { "INT16", Bytes(pixel => (short)pixel) },
        { "INT32", Bytes(pixel => (int)pixel) },
        { "INT64", Bytes(pixel => (long)pixel) },
        { "FP16", Bytes(pixel => (Half)pixel) },
        { "FP32", Bytes(pixel => (float)pixel) },
        { "FP64", Bytes(pixel => (double)pixel) },
    };

    [Theory]
    [MemberData(nameof(Tensors))]
    public async Task Bytes_of_any_datatype_give_what_json_gives(string datatype, byte[] tensor)
    {
        var expected = (await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync()).Json;
        var (answer, binary) = await _client.InferAsync(Head(datatype, tensor.Length), tensor).AnswerAsync();
        Assert.Empty(binary);
        Assert.Equal(expected["outputs"]!.ToJsonString(), answer["outputs"]!.ToJsonString());
    }

    [Fact]
    public async Task Outputs_in_binary_follow_the_json_in_its_order()
    {
        var expected = (await _client.InferAsync(Infer.Pixels(Pictures.SevenJson)).AnswerAsync()).Json;
        var (answer, binary) = await _client.InferAsync(Head("UINT8", 784, BinaryOutputs), Pictures.Seven).AnswerAsync();
        Assert.Equal([40, 40, 8], answer["outputs"]!.AsArray().Select(output => (int)output!["parameters"]!["binary_data_size"]!));
        Assert.All(answer["outputs"]!.AsArray(), output => Assert.Null(output!["data"]));
        Assert.Equal(expected.Output("probabilities").Floats(), MemoryMarshal.Cast<byte, float>(binary.AsSpan(0, 40)).ToArray());
        Assert.Equal(expected.Output("logits").Floats(), MemoryMarshal.Cast<byte, float>(binary.AsSpan(40, 40)).ToArray());
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(binary.AsSpan(80)));
        Assert.Equal(88, binary.Length);
    }

    [Fact]
    public async Task An_output_says_for_itself_whether_it_is_binary()
    {
        const string Outputs = """
            ,"outputs":[{"name":"digit","parameters":{"binary_data":false}},{"name":"probabilities","parameters":{"classification":2}}]
            """;
        var (answer, binary) = await _client.InferAsync(Infer.Pixels(Pictures.SevenJson, more: BinaryOutputs + Outputs)).AnswerAsync();
        Assert.Equal("[7]", answer.Output("digit")["data"]!.ToJsonString());
        var length = BinaryPrimitives.ReadInt32LittleEndian(binary);
        Assert.EndsWith(":7:7", Encoding.ASCII.GetString(binary, 4, length));
        Assert.Equal(binary.Length, (int)answer.Output("probabilities")["parameters"]!["binary_data_size"]!);
    }

    [Fact]
    public async Task Pictures_with_their_lengths()
    {
        byte[] element = [.. BitConverter.GetBytes(Pictures.SevenPng.Length), .. Pictures.SevenPng];
        var head = Infer.BinaryHead(2 * element.Length, "BYTES", "[2]", "image");
        var (answer, _) = await _client.InferAsync(head, [.. element, .. element]).AnswerAsync();
        Assert.Equal("[7,7]", answer.Output("digit")["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_raw_body_is_pixels_or_a_picture_and_answered_in_binary()
    {
        var (pixels, bytes) = await _client.InferAsync([.. Pictures.Seven, .. Pictures.Seven], "0").AnswerAsync();
        Assert.Equal("[2]", pixels.Output("digit")["shape"]!.ToJsonString());
        Assert.Equal(7, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(bytes.Length - 8)));
        var (picture, _) = await _client.InferAsync(Pictures.SevenPng, "0").AnswerAsync();
        Assert.Equal("[1,10]", picture.Output("probabilities")["shape"]!.ToJsonString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    public async Task Compressed_bodies_are_read_and_the_header_counts_what_they_hold(string encoding)
    {
        var head = Encoding.UTF8.GetBytes(Head("UINT8", 784));
        var (answer, _) = await _client.InferAsync(Compressed([.. head, .. Pictures.Seven], encoding), $"{head.Length}", encoding)
            .AnswerAsync();
        Assert.Equal("[7]", answer.Output("digit")["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_bomb_is_too_large_and_no_compressed_body_is_malformed(string encoding)
    {
        Assert.Equal("expected a body of at most 16777216 bytes, got more",
            await _client.InferAsync(Compressed(new byte[(16 << 20) + 1], encoding), null, encoding)
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));
        Assert.Equal($"the body is not {encoding}, as its content encoding says",
            await _client.InferAsync("{\"inputs\":[]}"u8.ToArray(), null, encoding).ProblemAsync(HttpStatusCode.BadRequest));
        var whole = Compressed(Encoding.UTF8.GetBytes(Infer.Pixels(Pictures.SevenJson)), encoding);
        await _client.InferAsync(whole[..(whole.Length / 2)], null, encoding).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_encodings_are_not_read() => Assert.Equal("the content encoding is 'br', expected gzip or deflate",
        await _client.InferAsync("{}"u8.ToArray(), null, "br").ProblemAsync(HttpStatusCode.UnsupportedMediaType));

    [Fact]
    public async Task Predict_reads_compressed_bodies_too_be_they_forms()
    {
        var content = new ByteArrayContent(
            Compressed(Pictures.SevenPng, "gzip"))
        { Headers = { ContentType = new("image/png"), ContentEncoding = { "gzip" } } };
        Assert.Equal(7,
            (await _client.PostAsync("/predict", content, TestContext.Current.CancellationToken).PredictionsAsync()).Predictions[0].Digit);
        var form = new MultipartFormDataContent { { new ByteArrayContent(Pictures.SevenPng), "file", "a.png" } };
        var packed = new ByteArrayContent(Compressed(await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), "gzip"))
        {
            Headers = { ContentType = form.Headers.ContentType, ContentEncoding = { "gzip" } },
        };
        Assert.Equal(7,
            (await _client.PostAsync("/predict", packed, TestContext.Current.CancellationToken).PredictionsAsync()).Predictions[0].Digit);
    }

    private static string Head(string datatype, int size, string more = "") =>
        Infer.BinaryHead(size, datatype, more: more);

    private static byte[] Bytes<T>(Func<byte, T> convert)
        where T : unmanaged => MemoryMarshal.AsBytes(Pictures.Seven.Select(convert).ToArray().AsSpan()).ToArray();

    private static byte[] Compressed(byte[] body, string encoding)
    {
        var output = new MemoryStream();
        using Stream stream = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(output, CompressionLevel.Fastest)
            : new ZLibStream(output, CompressionLevel.Fastest);
        stream.Write(body);
        stream.Dispose();
        return output.ToArray();
    }
}
