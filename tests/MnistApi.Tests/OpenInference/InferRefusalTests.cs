using System.Net;
using System.Text;

namespace MnistApi.Tests.OpenInference;

/// <summary>Each error names the tensor, what was expected and what came.</summary>
public sealed class InferRefusalTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();

    public static TheoryData<string, string> Bodies => new()
    {
        { "", "the body is not valid JSON: " },
        { "[]", "expected an object such as {\"inputs\":[...]}, got an array" },
        { "{}", "expected a member 'inputs', got none" },
        { "{\"inputs\":1}", "inputs is 1, expected an array" },
        { "{\"inputs\":[]}", "inputs is empty, expected one, 'pixels' or 'image'" },
        { "{\"inputs\":[1]}", "inputs[0] is 1, expected an object" },
        { "{\"inputs\":[{},{}]}", "expected one input, 'pixels' or 'image', got more" },
        { "{\"inputs\":[{}],\"inputs\":[]}", "'inputs' stands twice" },
        { "{\"inputs\":[{}]} 1", "the body is not valid JSON: " },
        { "{\"inputs\":[{}],\"id\":5}", "id is 5, expected a string" },
        { "{\"inputs\":[{\"name\":\"x\"}]}", "there is no input 'x', expected 'pixels' or 'image'" },
        { "{\"inputs\":[{\"name\":1}]}", "inputs[0].name is 1, expected a string" },
        { "{\"inputs\":[{\"name\":\"pixels\"}]}", "input 'pixels': datatype is missing, expected one of BOOL, UINT8, " },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"uint8\"}]}",
            "input 'pixels': datatype is 'uint8', expected one of BOOL, UINT8, " },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"BYTES\"}]}",
            "input 'pixels': datatype is BYTES, expected numbers such as UINT8 or FP32; PNG and JPEG files go into 'image'" },
        { "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"UINT8\"}]}", "input 'image': datatype is UINT8, expected BYTES" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\"}]}", "input 'pixels': shape is missing" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\",\"shape\":[1,\"784\"]}]}",
            "inputs[0].shape[1] is the string \"784\", expected a whole number" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\",\"shape\":5}]}",
            "inputs[0].shape is 5, expected an array of whole numbers" },
        { Infer.Pixels("[1]", "[1,783]"), "input 'pixels': expected [-1,784], [-1,28,28] or [-1,1,28,28], got [1,783]" },
        { Infer.Pixels("[1]", "[784]"), "input 'pixels': expected [-1,784], [-1,28,28] or [-1,1,28,28], got [784]" },
        { Infer.Pixels("[1]", "[0,784]"), "input 'pixels': expected one image or more, got shape [0,784]" },
        { Infer.Pixels("[1]", "[-1,784]"), "input 'pixels': expected one image or more, got shape [-1,784]" },
        { "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1,2],\"data\":[]}]}",
            "input 'image': expected [-1] or [-1,1], got [1,2]" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\",\"shape\":[1,784]}]}",
            "input 'pixels': expected 'data', or the parameter 'binary_data_size' and its bytes after the JSON, got neither" },
        { Infer.BinaryHead(1, "UINT8").Replace("\"shape\"", "\"data\":[1],\"shape\"", StringComparison.Ordinal),
            "input 'pixels': expected 'data' or the parameter 'binary_data_size', got both" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"UINT8\",\"shape\":[1,784],\"parameters\":{\"binary_data_size\":784}}]}",
            "input 'pixels': binary_data_size is 784, but 0 bytes follow the JSON" },
        { "{\"inputs\":[{\"name\":\"pixels\",\"parameters\":{\"binary_data_size\":-1}}]}",
            "input 'pixels': parameter 'binary_data_size' is -1, expected a number of bytes" },
        { Infer.Pixels("5"), "inputs[0].data is 5, expected an array" },
        { Infer.Pixels("[1,2"), "the body is not valid JSON: " },
        { Infer.Pixels("[\"1,2"),
            "the body is not valid JSON: Expected end of string, but instead reached end of data, in line 1 at byte " },
        { Infer.Pixels("[1 2]"), "the body is not valid JSON: " },
        { Infer.Pixels("[1,2]"), "input 'pixels': data has 2 numbers, expected 784 as its shape is [1,784]" },
        { Infer.Pixels(Pictures.SevenJson, "[2,784]"), "input 'pixels': data has 784 numbers, expected 1568 as its shape is [2,784]" },
        { Infer.Pixels($"[{Pictures.SevenJson},{Pictures.SevenJson}]"),
            "input 'pixels': data has 1568 numbers, expected 784 as its shape is [1,784]" },
        { Infer.Pixels(Pictures.JsonWith(28, "256")), "pixels[0][28] is 256, expected a whole number in 0..255 for UINT8" },
        { Infer.Pixels(Pictures.JsonWith(28, "1.5"), datatype: "INT64"),
            "pixels[0][28] is 1.5, expected a whole number in 0..255 for INT64" },
        { Infer.Pixels($"[{Pictures.SevenJson},{Pictures.JsonWith(28, "-1")}]", "[2,784]", "FP32"),
            "pixels[1][28] is -1, expected a number in 0..255" },
        { Infer.Pixels(Pictures.JsonWith(28, "\"x\"")), "pixels[0][28] is the string \"x\", expected a whole number in 0..255 for UINT8" },
        { Infer.Pixels(Pictures.JsonWith(28, "2"), datatype: "BOOL"), "pixels[0][28] is 2, expected true or false" },
        { Infer.Pixels(Pictures.JsonWith(28, "2"), more: ",\"parameters\":{\"scale\":1}"),
            "pixels[0][28] is 2, expected 0..1 as scale is 1" },
        { Infer.Pixels(Pictures.JsonWith(28, "1.5"), datatype: "FP32", more: ",\"parameters\":{\"scale\":1}"),
            "pixels[0][28] is 1.5, expected 0..1 as scale is 1" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"parameters\":{\"scale\":2}"),
            "parameter 'scale' is 2, expected 1 (pixels in 0..1) or 255 (pixels in 0..255)" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"parameters\":{\"preprocess\":1}"),
            "parameter 'preprocess' is 1, expected \"auto\" or \"none\"" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"parameters\":{\"binary_data_output\":\"yes\"}"),
            "parameter 'binary_data_output' is \"yes\", expected true or false" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"parameters\":[]"), "parameters is an array, expected an object" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"outputs\":[{\"name\":\"y\"}]"),
            "there is no output 'y', expected 'probabilities', 'logits', 'digit'" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"outputs\":[{\"name\":\"digit\"},{\"name\":\"digit\"}]"),
            "output 'digit' is asked for twice" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"outputs\":[{\"name\":\"digit\",\"parameters\":{\"classification\":1}}]"),
            "output 'digit' has no classes to choose from; 'classification' is for 'probabilities' and 'logits'" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"classification\":0}}]"),
            "output 'logits': parameter 'classification' is 0, expected how many classes, 1 to 10" },
        { Infer.Pixels(Pictures.SevenJson, more: ",\"outputs\":[{\"name\":\"logits\",\"parameters\":{\"binary_data\":1}}]"),
            "output 'logits': parameter 'binary_data' is 1, expected true or false" },
        { "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"no base64!\"]}]}",
            "input 'image': data[0] is a string of 10 bytes that is not base64, expected a PNG or JPEG in base64" },
        { "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[]}]}",
            "input 'image': data has 0 elements, expected 2 as its shape is [2]" },
        { "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"aGVsbG8=\"]}]}", "image[0]: " },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task In_json(string body, string expected)
    {
        var detail = await _client.InferAsync(body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.StartsWith(expected, detail);
        Assert.DoesNotContain("LineNumber", detail);
    }

    [Theory]
    [InlineData("UINT8", 783, "input 'pixels': expected 784 bytes for [1,784] UINT8, got 783")]
    [InlineData("FP32", 784, "input 'pixels': expected 3136 bytes for [1,784] FP32, got 784")]
    public async Task Bytes_of_another_length(string datatype, int size, string expected) => Assert.Equal(expected,
        await _client.InferAsync(Infer.BinaryHead(size, datatype), new byte[size]).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Bytes_that_nobody_announced() =>
        Assert.Equal("input 'pixels': 5 bytes follow the JSON, expected none without the parameter 'binary_data_size'",
        await _client.InferAsync(Infer.Pixels(Pictures.SevenJson), new byte[5]).ProblemAsync(HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("FP32", "NaN", "pixels[0][0] is NaN, expected 0..255")]
    [InlineData("FP32", "-1", "pixels[0][0] is -1, expected 0..255")]
    [InlineData("FP64", "1e300", "pixels[0][0] is 1E+300, expected 0..255")]
    public async Task Floats_that_are_no_pixels(string datatype, string value, string expected)
    {
        var number = double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        var size = datatype == "FP32" ? 4 : 8;
        var tensor = new byte[784 * size];
        (size == 4 ? BitConverter.GetBytes((float)number) : BitConverter.GetBytes(number)).CopyTo(tensor, 0);
        Assert.Equal(expected, await _client.InferAsync(
            Infer.BinaryHead(tensor.Length, datatype), tensor).ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0 }, "input 'image': expected 1 elements as its shape is [1], got 0")]
    [InlineData(new byte[] { 9, 0, 0, 0, 1 }, "input 'image': element 0 is to have 9 bytes, but only 1 follow")]
    [InlineData(new byte[] { 255, 255, 255, 255, 1 }, "input 'image': element 0 is to have 4294967295 bytes, but only 1 follow")]
    public async Task Elements_that_are_cut_off(byte[] elements, string expected) => Assert.Equal(expected, await _client.InferAsync(
        Infer.BinaryHead(elements.Length, "BYTES", "[1]", "image"), elements).ProblemAsync(HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("-1")]
    [InlineData("3")]
    [InlineData("99999999999")]
    [InlineData("x")]
    public async Task A_header_beyond_the_body(string length) =>
        Assert.Equal($"Inference-Header-Content-Length is '{length}', expected a whole number from 0 to 2, the body's bytes",
        await _client.InferAsync("{}"u8.ToArray(), length).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_raw_body_of_another_length() => Assert.Equal("input 'pixels': expected 784 bytes for [1,784] UINT8, got 783",
        await _client.InferAsync(Pictures.Seven[..783], "0").ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task More_images_than_allowed() => Assert.Equal("input 'pixels': expected at most 10000 images, got 10001",
        await _client.InferAsync(Infer.Pixels("[1]", "[10001,784]")).ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Fact]
    public async Task A_picture_without_ink_is_422()
    {
        var blank = Convert.ToBase64String(MnistApi.Imaging.PngEncoding.Encode(new byte[784], 28, 28));
        Assert.StartsWith("image[0]: ", await _client.InferAsync(
            $"{{\"inputs\":[{{\"name\":\"image\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"{blank}\"]}}]}}")
                .ProblemAsync(HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Any_prefix_of_a_request_is_malformed()
    {
        var body = Encoding.UTF8.GetBytes(Infer.Pixels(
            "[1,[2],\"a\\\"]\"]", more: ",\"id\":\"a\",\"outputs\":[{\"name\":\"digit\",\"parameters\":{\"binary_data\":true}}]"));
        for (var length = 0; length < body.Length; length++)
            await _client.InferAsync(body[..length], null).ProblemAsync(HttpStatusCode.BadRequest);
    }
}
