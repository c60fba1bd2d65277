using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Predict;

/// <summary>What people were seen to send, kind by kind: each row is what comes, and what is answered.</summary>
public sealed class ReportedKindsTests(Service service) : IClassFixture<Service>
{
    private const string V1 = "/v1/models/mnist:predict";
    private const string V2 = "/v2/models/mnist/infer";
    private const string Form = "application/x-www-form-urlencoded"; // what curl -d says of itself
    private const string Json = "application/json";
    private const string Raw = "application/octet-stream";
    private const string Png = "image/png";

    private static readonly string s_b64 = Convert.ToBase64String(SevenPng);
    private static readonly string s_dataUrl = $"data:image/png;base64,{s_b64}";
    private static readonly string s_rows = Nested(Seven.Chunk(28).Select(row => Nested(row.Select(Text))));
    private static readonly string s_fractions = Nested(Seven.Select(pixel => (pixel / 255.0).ToString(CultureInfo.InvariantCulture)));
    private static readonly string s_overshot = s_fractions.Replace("[0,", "[1.0001,", StringComparison.Ordinal);
    private static readonly string s_typedArray = $"{{{string.Join(',', Seven.Select((pixel, i) => $"\"{i}\":{pixel}"))}}}";

    /// <summary>The seven, 200; or a status, and what its text says.</summary>
    private static readonly Dictionary<string, (string Path, string Type, byte[] Body, int Status, string Says)> s_kinds = new()
    {
        // 1: fractions that end just above 1
        ["1 one number above 1"] = ("/predict", Json,
            Utf8($"{{\"instances\":[{s_overshot}]}}"), 400, "instances[0][0] is 1.0001, and all are"),
        ["1 it names scale"] = ("/predict", Json, Utf8($"{{\"instances\":[{s_overshot}]}}"), 400, "\"scale\":255"),
        ["1 less than a float shows"] = ("/predict", Json,
            Utf8($"{{\"instances\":[{JsonWith(3, "1.000000001")}]}}"), 400, "instances[0][3] is 1.000000001"),
        ["1 in V1"] = (V1, Json, Utf8($"{{\"instances\":[{s_overshot}]}}"), 400, "\"scale\":255"),
        ["1 in V2"] = (V2, Json, Infer2(s_overshot, "FP32"), 400, "pixels[0][0] is 1.0001, and all are"),
        ["1 in V2, rows"] = (V2, Json, Infer2($"[{s_overshot}]", "FP64", "[1,28,28]"), 400, "\"scale\":255"),
        ["1 in V2, bytes after the JSON"] = Binary2("FP32", Floats(4, 1.0001)),
        ["1 in V2, doubles"] = Binary2("FP64", Floats(8, 1.0001)),
        ["1 with a scale it is read"] = ("/predict", Json,
            Utf8($"{{\"instances\":[{SevenJson.Replace("[0,", "[0.5,", StringComparison.Ordinal)}],\"scale\":255}}"), 200, ""),
        // 2: raw bytes that are something else
        ["2 a PNG"] = ("/predict", Raw, SevenPng, 200, ""),
        ["2 float32"] = ("/predict", Raw, Floats(4), 400, "float32 pixels: send bytes, as (pixels * 255).astype('uint8')"),
        ["2 float64"] = ("/predict", Raw, Floats(8), 400, "float64 pixels"),
        ["2 float16"] = ("/predict", Raw, Floats(2), 400, "float16 pixels: send bytes"),
        ["2 RGB"] = ("/predict", Raw, Channels(3), 400,
            "expected 784 bytes an image, got RGB pixels, 3 bytes each: send one of them, as pixels.reshape(-1, 3)[:, 0].tobytes()"),
        ["2 a canvas's RGBA"] = ("/predict", Raw, Channels(4), 400, "RGBA pixels, 4 bytes each: send one of them"),
        ["2 three times the same digit"] = ("/predict", Raw, [.. Seven, .. Seven, .. Seven], 200, ""),
        ["2 gzip"] = ("/predict", Raw, [0x1F, 0x8B, 8, 0, .. new byte[780]], 400, "gzip: send it with the header Content-Encoding: gzip"),
        ["2 numpy"] = ("/predict", Raw, [0x93, .. "NUMPY"u8, .. new byte[778]], 400, "a numpy file"),
        ["2 zip"] = ("/predict", Raw, [.. "PK"u8, 3, 4, .. new byte[780]], 400, "a zip archive"),
        ["2 float32 in V2 without JSON"] = (V2, "0", Floats(4), 400, "float32 pixels"),
        ["2 float16 in V2 without JSON"] = (V2, "0", Floats(2), 400, "float16 pixels"),
        ["2 RGB in V2 without JSON"] = (V2, "0", Channels(3), 400, "RGB pixels, 3 bytes each"),
        ["2 numpy in V2 without JSON"] = (V2, "0", [0x93, .. "NUMPY"u8, .. new byte[778]], 400, "a numpy file"),
        // 5: base64
        ["5 data URL"] = ("/predict", Json, Base64(s_dataUrl), 200, ""),
        ["5 no padding"] = ("/predict", Json, Base64(s_b64.TrimEnd('=')), 200, ""),
        ["5 one = too many"] = ("/predict", Json, Base64(s_b64 + "="), 200, ""),
        ["5 alphabet of URLs"] = ("/predict", Json, Base64(s_b64.Replace('+', '-').Replace('/', '_')), 200, ""),
        ["5 blanks for +"] = ("/predict", Json, Base64(s_b64.Replace('+', ' ')), 200, ""),
        ["5 base64 of base64"] = ("/predict", Json,
            Base64(Convert.ToBase64String(Utf8(s_b64))), 400, "instances[0].b64: expected a PNG or JPEG, got a PNG in base64"),
        ["5 a wrong character"] = ("/predict", Json, Base64("iVBO*w0"), 400, "instances[0].b64 is a string of 7 bytes that is not base64, "
            + "expected a PNG or JPEG in base64: character 5 is '*'"),
        ["5 in V1"] = (V1, Json, Base64(s_dataUrl), 200, ""),
        ["5 in V2"] = (V2, Json,
            Utf8($"{{\"inputs\":[{{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"{s_dataUrl}\"]}}]}}"), 200, ""),
        ["5 an address"] = ("/predict", Png, Utf8("https://example.org/7.png"), 400, "an address: send what is there"),
        // 6: forms
        ["6 a data URL in a text field"] = ("/predict", "multipart/form-data; boundary=x",
            Utf8($"--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\n{s_dataUrl}\r\n--x--\r\n"), 200, ""),
        ["6 a second file input left empty"] = ("/predict", "multipart/form-data; boundary=x",
            Utf8($"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"7.txt\"\r\n\r\n{s_dataUrl}\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"b\"; filename=\"\"\r\n\r\n\r\n--x--\r\n"), 200, ""),
        // 7: content types
        ["7 curl -d with JSON"] = ("/predict", Form, Utf8($"{{\"instances\":[{SevenJson}]}}"), 200, ""),
        ["7 JSON as octet-stream"] = ("/predict", Raw, Utf8($"{{\"instances\":[{SevenJson}]}}"), 200, ""),
        ["7 JSON as text"] = ("/predict", "text/plain", Utf8($"{{\"instances\":[{SevenJson}]}}"), 200, ""),
        ["7 curl --data-binary with a PNG"] = ("/predict", Form, SevenPng, 200, ""),
        ["7 a PNG said to be a JPEG"] = ("/predict", "image/jpeg", SevenPng, 200, ""),
        ["7 curl -d @x.png"] = ("/predict", Png,
            [.. SevenPng.Where(value => value is not (0 or 10 or 13))], 400, "with curl by --data-binary"),
        ["7 a form's fields as JSON"] = ("/predict", Json, Utf8("instances=1&scale=255"), 400, "it is a form's fields (name=value)"),
        ["7 a PNG to V1"] = (V1, Png, SevenPng, 400, "it is a PNG: send it to /predict"),
        ["7 a PNG to V2"] = (V2, Png, SevenPng, 400, "it is a PNG: send it to /predict"),
        ["7 numpy to V1"] = (V1, Raw, [0x93, .. "NUMPY"u8, 1, 0], 400, "it is a numpy file"),
        // 8: shapes of JSON
        ["8 [28][28][1]"] = ("/predict", Json,
            Instances(Nested(Seven.Chunk(28).Select(row => Nested(row.Select(pixel => $"[{pixel}]"))))), 200, ""),
        ["8 [784][1]"] = ("/predict", Json, Instances(Nested(Seven.Select(pixel => $"[{pixel}]"))), 200, ""),
        ["8 [1][28][28]"] = ("/predict", Json, Instances($"[{s_rows}]"), 200, ""),
        ["8 [1][784]"] = (V1, Json, Instances($"[{SevenJson}]"), 200, ""),
        ["8 [28][28][1] in V1"] = (V1, Json,
            Instances(Nested(Seven.Chunk(28).Select(row => Nested(row.Select(pixel => $"[{pixel}]"))))), 200, ""),
        ["8 [784][1] in V1"] = (V1, Json, Instances(Nested(Seven.Select(pixel => $"[{pixel}]"))), 200, ""),
        ["8 [1][28][28] in V1, by columns"] = (V1, Json, Utf8($"{{\"inputs\":{{\"pixels\":[[{s_rows}]]}}}}"), 200, ""),
        ["8 [14][56]"] = ("/predict", Json, Instances(Nested(Seven.Chunk(56).Select(row => Nested(row.Select(Text))))), 400,
            "instances[0][0] has 56 numbers, expected 28"),
        ["8 28 rows without the outer bracket"] = ("/predict", Json, Utf8($"{{\"instances\":{s_rows}}}"), 400,
            "instances[0] has 28 numbers, expected 784; the rows of a single picture need brackets of their own"),
        ["8 a picture alone"] = ("/predict", Json, Utf8($"{{\"b64\":\"{s_b64}\"}}"), 200, ""),
        ["8 a bare array of numbers"] = ("/predict", Json, Utf8(SevenJson), 200, ""),
        ["8 a bare array of pictures"] = (V1, Json, Utf8($"[{SevenJson}]"), 200, ""),
        ["8 a typed array"] = ("/predict", Json, Instances(s_typedArray), 400, "send Array.from(pixels)"),
        ["8 a typed array alone"] = ("/predict", Json, Utf8(s_typedArray), 400, "send Array.from(pixels)"),
        ["8 a byte order mark"] = ("/predict", Json, Utf8($"\ufeff{{\"instances\":[{SevenJson}]}}"), 200, ""),
        ["8 a byte order mark in V2"] = (V2, Json, [.. "\ufeff"u8, .. Infer2(SevenJson, "UINT8")], 200, ""),
        ["8 NaN"] = ("/predict", Json, Instances("[NaN,1]"), 400, "byte 15 begins NaN, which is no number in JSON"),
        ["8 NaN in V2"] = (V2, Json, Infer2(JsonWith(5, "NaN"), "FP32"), 400, "begins NaN, which is no number in JSON"),
        ["8 an empty body"] = ("/predict", Json, [], 400, "nothing: the body is empty"),
        ["8 an empty body in V2"] = (V2, Json, [], 400, "nothing: the body is empty"),
        ["8 KServe's example"] = (V1, Json, Instances($"{{\"data\":\"{s_b64}\",\"target\":0}}"), 200, ""),
        ["8 Keras' name"] = (V1, Json, Instances($"{{\"conv2d_input\":{s_rows}}}"), 200, ""),
        ["8 Keras' name, by columns"] = (V1, Json, Utf8($"{{\"inputs\":{{\"conv2d_input\":[{s_rows}]}}}}"), 200, ""),
        ["8 an empty signature_name"] = (V1, Json, Utf8($"{{\"signature_name\":\"\",\"instances\":[{SevenJson}]}}"), 200, ""),
        ["8 V2, -1 as in the metadata"] = (V2, Json, Infer2(SevenJson, "UINT8", "[-1,784]"), 200, ""),
        ["8 V2, -1 for pictures"] = (V2, Json,
            Utf8($"{{\"inputs\":[{{\"name\":\"image\",\"shape\":[-1],\"datatype\":\"BYTES\",\"data\":[\"{s_b64}\"]}}]}}"), 200, ""),
        ["8 V2, channels last"] = (V2, Json, Infer2(SevenJson, "UINT8", "[1,28,28,1]"), 200, ""),
        ["8 V2, ones in front"] = (V2, Json, Infer2(SevenJson, "UINT8", "[1,1,784]"), 200, ""),
        ["8 V2, ones behind"] = (V2, Json, Infer2(SevenJson, "UINT8", "[1,784,1]"), 200, ""),
        ["8 V2, -1 and channels last"] = (V2, Json, Infer2(SevenJson, "INT64", "[-1,28,28,1]"), 200, ""),
        ["8 V2, -1 in the second place"] = (V2, Json, Infer2(SevenJson, "UINT8", "[1,-1]"), 400, "expected [-1,784], [-1,28,28]"),
        ["8 V2, no dimension of images"] = (V2, Json, Infer2(SevenJson, "UINT8", "[28,28]"), 400, "expected [-1,784], [-1,28,28]"),
        // 9: other pictures
        ["9 HEIC"] = ("/predict", "image/heic", [0, 0, 0, 24, .. "ftypheic"u8], 400, "a HEIC, as iPhones take them: convert it to PNG"),
        ["9 AVIF"] = ("/predict", Png, [0, 0, 0, 24, .. "ftypavif"u8], 400, "an AVIF: convert it to PNG"),
        ["9 TIFF"] = ("/predict", Raw, [.. "II*\0"u8, .. new byte[780]], 400, "a TIFF: convert it to PNG"),
        ["9 GIF"] = ("/predict", Png, [.. "GIF89a"u8], 400, "a GIF: convert it to PNG"),
        ["9 SVG"] = ("/predict", "image/svg+xml", Utf8("<?xml version=\"1.0\"?><svg/>"), 400, "an SVG: convert it to PNG"),
        ["9 ICO"] = ("/predict", Png, [0, 0, 1, 0, 1, 0, 16, 16, .. new byte[10], 22, 0, 0, 0], 400, "an ICO: convert it to PNG"),
        ["9 PDF in base64"] = (V1, Json, Base64(Convert.ToBase64String("%PDF-1.7"u8)), 400,
            "instances[0].b64: expected a PNG or JPEG, got a PDF"),
    };

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_read_or_named(string kind)
    {
        var (path, type, body, status, says) = s_kinds[kind];
        using var client = service.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (int.TryParse(type, out _)) // V2's header instead
            request.Headers.Add("Inference-Header-Content-Length", type);
        else
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        var sent = client.SendAsync(request, TestContext.Current.CancellationToken);
        if (status == 200)
        {
            var answer = await sent;
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
            Assert.Contains(path == "/predict" ? "\"digit\":7" : path == V1 ? "[[" : "\"data\":[7]", text);
            return;
        }
        var detail = await sent.ProblemAsync((HttpStatusCode)status);
        Assert.Contains(says, detail);
        Assert.DoesNotContain("isFinalBlock", detail);
        Assert.DoesNotContain("BytePositionInLine", detail);
    }

    /// <summary>4: dark ink on a light background is read as it came, and the answer warns.</summary>
    [Theory]
    [InlineData("/predict", Json, "bytes", "\"warnings\":[\"image 0 (1 of 1) has a light border and dark ink, "
        + "expected 0 for the background: if it is inverted, send 255 - pixel\"]")]
    [InlineData("/predict", Json, "fractions", "\"warnings\":[\"image 0 (1 of 1) has a light border and dark ink, "
        + "expected 0 for the background: if it is inverted, send 1 - pixel\"]")]
    [InlineData("/predict", Raw, "raw", "\"warnings\":[\"image 0 (1 of 1) has")]
    [InlineData(V1, Json, "bytes", "]],\"warnings\":[\"image 0 (1 of 1) has")]
    [InlineData(V2, Json, "V2", "\"parameters\":{\"scale\":255,\"warning\":\"image 0 (1 of 1) has")]
    public async Task Inverted_pixels_are_warned_of(string path, string type, string form, string warning)
    {
        var inverted = Seven.Select(pixel => (byte)(255 - pixel)).ToArray();
        Assert.Contains(warning, await AnswerAsync(inverted));
        Assert.DoesNotContain("warning", await AnswerAsync(Seven));
        var frame = Seven.Select((pixel, i) => i < 28 ? (byte)255 : pixel).ToArray(); // one light edge is no background
        Assert.DoesNotContain("warning", await AnswerAsync(frame));

        async Task<string> AnswerAsync(byte[] pixels)
        {
            var body = form switch
            {
                "raw" => pixels,
                "V2" => Infer2(Nested(pixels.Select(Text)), "UINT8"),
                "fractions" => Instances(Nested(pixels.Select(pixel => (pixel / 255.0).ToString(CultureInfo.InvariantCulture)))),
                _ => Instances(Nested(pixels.Select(Text))),
            };
            using var client = service.CreateClient();
            using var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
            var answer = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Of_many_images_the_first_inverted_one_is_named()
    {
        byte[] body = [.. Seven, .. Seven.Select(pixel => (byte)(255 - pixel)), .. Enumerable.Repeat((byte)255, 784)];
        using var client = service.CreateClient();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(Raw) } };
        var answer = await client.PostAsync("/predict", content, TestContext.Current.CancellationToken);
        Assert.Contains("\"image 1 (2 of 3) has", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(V1)]
    [InlineData("/v1/models/mnist/versions/1:predict")]
    public async Task Predict_by_get_is_405_and_says_how(string path)
    {
        using var client = service.CreateClient();
        Assert.Equal($"expected POST at {path}, got GET",
            await client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.MethodNotAllowed));
    }

    private static string Text(byte pixel) => pixel.ToString(CultureInfo.InvariantCulture);

    private static string Nested(IEnumerable<string> elements) => $"[{string.Join(',', elements)}]";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Instances(string instance) => Utf8($"{{\"instances\":[{instance}]}}");

    private static byte[] Base64(string text) => Instances($"{{\"b64\":\"{text}\"}}");

    private static byte[] Infer2(string data, string datatype, string shape = "[1,784]") =>
        Utf8($"{{\"inputs\":[{{\"name\":\"pixels\",\"shape\":{shape},\"datatype\":\"{datatype}\",\"data\":{data}}}]}}");

    /// <summary>A tensor's bytes after its JSON, refused for its first pixel.</summary>
    private static (string Path, string Type, byte[] Body, int Status, string Says) Binary2(string datatype, byte[] tensor)
    {
        var head = Utf8($"{{\"inputs\":[{{\"name\":\"pixels\",\"shape\":[1,784],\"datatype\":\"{datatype}\","
            + $"\"parameters\":{{\"binary_data_size\":{tensor.Length}}}}}]}}");
        return (V2, $"{head.Length}", [.. head, .. tensor], 400,
            "pixels[0][0] is 1.0001, and all are at most 2: expected 0..1, or 0..255 with \"scale\":255");
    }

    /// <summary>The seven in so many equal channels, of four the last opaque.</summary>
    private static byte[] Channels(int channels) =>
        [.. Seven.SelectMany(pixel => Enumerable.Range(0, channels).Select(channel => channel == 3 ? (byte)255 : pixel))];

    /// <summary>The seven in 0..1, so many bytes a pixel, the first pixel as given.</summary>
    private static byte[] Floats(int size, double first = 0)
    {
        var bytes = new byte[784 * size];
        for (var i = 0; i < 784; i++)
        {
            var pixel = i == 0 ? first : Seven[i] / 255.0;
            if (size == 2)
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * size), (Half)pixel);
            else if (size == sizeof(float))
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * size), (float)pixel);
            else
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * size), pixel);
        }
        return bytes;
    }
}
