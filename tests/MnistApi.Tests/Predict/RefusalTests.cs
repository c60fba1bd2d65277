using System.Net;
using System.Text;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Predict;

/// <summary>Every kind of bad input that somebody will send first: a 4xx that says what to do, in the same shape.</summary>
public sealed class RefusalTests(RefusalTests.SmallLimits service) : IClassFixture<RefusalTests.SmallLimits>
{
    private const string Early = "it ends early, or its parts do not begin with its boundary";
    private const string Headers =
        "a part has too many or too long headers (16 lines, 16 KiB), a header without a colon, or a boundary that does not end";

    private readonly HttpClient _client = service.CreateClient();

    public sealed class SmallLimits() : Service("Production",
        ("Limits:BodyBytes", "60000"), ("Limits:Instances", "5"), ("Limits:Files", "2"), ("Limits:PicturePixels", "3000"),
            ("Limits:RequestPixels", "3700"));

    public static TheoryData<string, string> BadJson => new()
    {
        { "", "the body is not valid JSON: it is nothing: the body is empty" },
        { "{", "the body is not valid JSON: " },
        { """{"instances":[""", "the body is not valid JSON: " },
        { "nonsense", "the body is not valid JSON: 'nonsense' is an invalid JSON literal" },
        { "[]", "array is empty, expected at least one" },
        { "{}", "expected a member 'instances', got none" },
        { """{"pixels":[]}""", "expected the members 'instances' and 'scale', got 'pixels'" },
        { """{"instances":7}""", "instances is 7, expected an array" },
        { """{"instances":[]}""", "instances is empty, expected at least one" },
        { """{"instances":[],"instances":[]}""", "instances is empty, expected at least one" },
        { $$"""{"instances":[{{SevenJson}}],"instances":[]}""", "'instances' stands twice" },
        { $$"""{"instances":{{SevenJson}}}""", """instances[0] is 0, expected 784 numbers, 28 rows of 28, or {"b64":"..."}"""
            + "; a single picture needs brackets of its own: [[...]]" },
        { """{"instances":["7"]}""", """instances[0] is the string "7", expected 784 numbers, 28 rows of 28, or {"b64":"..."}""" },
        { """{"instances":[null]}""", """instances[0] is null, expected 784 numbers, 28 rows of 28, or {"b64":"..."}""" },
        { """{"instances":[[1,2,3]]}""", "instances[0] has 3 numbers, expected 784" },
        { """{"instances":[[]]}""", "instances[0] has 0 numbers, expected 784" },
        { $$"""{"instances":[[{{Zeros(785)}}]]}""", "instances[0] has 785 numbers, expected 784" },
        { $$"""{"instances":[{{SevenJson}},[[1,2]]]}""", "instances[1][0] has 2 numbers, expected 28" },
        { $$"""{"instances":[[[{{Zeros(29)}}]]]}""", "instances[0][0] has 29 numbers, expected 28" },
        { $$"""{"instances":[[[{{Zeros(28)}}]]]}""", "instances[0] has 1 rows, expected 28" },
        { $$"""{"instances":[[[{{Zeros(28)}}],5]]}""", "instances[0][1] is 5, expected a row of 28 numbers" },
        { $$"""{"instances":[{{SevenJson}},{{JsonWith(28, "256")}}]}""", "instances[1][28] is 256, expected 0..255" },
        { $$"""{"instances":[{{RowsWith(27, 3, "256")}}]}""", "instances[0][27][3] is 256, expected 0..255" },
        { $$"""{"instances":[{{JsonWith(0, "-1")}}]}""", "instances[0][0] is -1, expected 0..255" },
        { $$"""{"instances":[{{JsonWith(5, "1e999")}}]}""", "instances[0][5] is 1e999, expected 0..255" },
        { $$"""{"instances":[{{JsonWith(5, "\"9\"")}}]}""", """instances[0][5] is the string "9", expected a number""" },
        { $$"""{"instances":[{{JsonWith(5, "[1]")}}]}""", "instances[0][5] is an array, expected a number" },
        { $$"""{"instances":[{{JsonWith(5, "NaN")}}]}""", "the body is not valid JSON: byte 25 begins NaN, which is no number in JSON" },
        { $$"""{"instances":[{{JsonWith(5, "2")}}],"scale":1}""", "instances[0][5] is 2, expected 0..1 as scale is 1" },
        { $$"""{"instances":[{{SevenJson}}],"scale":2}""", "scale is 2, expected 1 (numbers in 0..1) or 255 (numbers in 0..255)" },
        { $$"""{"scale":255,"scale":255,"instances":[{{SevenJson}}]}""", "'scale' stands twice" },
        { $$"""{"instances":[{{SevenJson}}]} true""", "the body is not valid JSON: " },
        { """{"instances":[{}]}""", "expected instances[0] to have a member 'b64', got none" },
        { """{"instances":[{"png":""}]}""", "expected instances[0] to have one member 'b64', got 'png'" },
        { """{"instances":[{"b64":7}]}""", "instances[0].b64 is 7, expected a PNG or JPEG in base64" },
        { """{"instances":[{"b64":"***"}]}""", "instances[0].b64 is a string of 3 bytes that is not base64, "
            + "expected a PNG or JPEG in base64: character 1 is '*'" },
        { """{"\ud800":1}""", "the body is not valid JSON: " },
        { """{"instances":[{"b64":"\ud800"}]}""", "the body is not valid JSON: " },
        { """{"a\u001b[31m":1}""", @"expected the members 'instances' and 'scale', got 'a\u001b[31m'" },
        { """{"instances":[{"b64":"aGVsbG8="}]}""", "instances[0].b64: expected a PNG or JPEG, got 5 bytes that begin with 68656C6C6F" },
        { """{"instances":[{"b64":"aGVsbG8=","b64":""}]}""", "expected instances[0] to have one member 'b64', got 'b64' as well" },
        { """{"instances":[[[[[[[[[[1]]]]]]]]]]}""", "instances[0][0][0][0][0] is an array, expected a number" },
    };

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Bad_json_is_400_and_names_the_place(string body, string detail) =>
        Assert.StartsWith(detail, await _client.PostJsonAsync(body).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Invalid_utf8_is_400()
    {
        byte[] body = [.. "{\"inst\\u0061nces\":[\""u8, 0xFF, .. "\"]}"u8];
        Assert.StartsWith(
            "instances[0] is the string", await _client.PostAsync("application/json", body).ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Too_many_instances_are_413() =>
        Assert.Equal("expected at most 5 instances, got more",
            await _client.PostJsonAsync($"{{\"instances\":[{string.Join(',', Enumerable.Repeat(SevenJson, 6))}]}}")
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Fact]
    public async Task Too_many_raw_images_are_413() =>
        Assert.Equal("expected at most 5 images, got 6",
            await _client.PostAsync("application/octet-stream", new byte[784 * 6]).ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Theory]
    [InlineData("application/json")]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Too_long_a_body_is_413_with_the_limit_in_the_text(string contentType) =>
        Assert.Equal("expected a body of at most 60000 bytes, got 60001",
            await _client.PostAsync(contentType, new byte[60001]).ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Fact]
    public async Task So_it_is_when_its_length_is_not_announced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new StreamContent(new Endless(60001)) };
        request.Content.Headers.Add("Content-Type", "application/octet-stream");
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal("expected a body of at most 60000 bytes, got more",
            await _client.SendAsync(request, TestContext.Current.CancellationToken).ProblemAsync(HttpStatusCode.RequestEntityTooLarge));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(783)]
    [InlineData(785)]
    public async Task Raw_bytes_must_be_whole_images(int length) =>
        Assert.Equal($"expected 784 bytes an image, one image or more, got {length} bytes",
            await _client.PostAsync("application/octet-stream", new byte[length]).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task What_is_no_png_is_called_by_its_name() =>
        Assert.Equal("expected a PNG or JPEG, got a GIF: convert it to PNG or JPEG",
            await _client.PostAsync("image/png", "GIF89a"u8.ToArray()).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_truncated_png_is_400() =>
        Assert.StartsWith("the PNG is truncated or damaged: ",
            await _client.PostAsync("image/png", SevenPng[..^20]).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_blank_picture_is_422() =>
        Assert.StartsWith("the picture is blank", await _client.PostAsync(
            "image/png", MnistApi.Imaging.PngEncoding.Encode(new byte[784], 28, 28)).ProblemAsync(HttpStatusCode.UnprocessableEntity));

    [Fact]
    public async Task Too_large_a_picture_is_413() =>
        Assert.Equal("expected at most 3000 pixels, got 50x50 = 3200, where a row counts as 64",
            await _client.PostAsync("image/png", MnistApi.Imaging.PngEncoding.Encode(new byte[2500], 50, 50))
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Theory]
    [InlineData("text/plain", "'text/plain'")]
    [InlineData("application/x-www-form-urlencoded", "'application/x-www-form-urlencoded'")]
    public async Task Other_content_types_are_415(string contentType, string got) =>
        Assert.Equal("expected the content type image/png, image/jpeg, multipart/form-data, application/json or "
            + $"application/octet-stream, got {got}",
            await _client.PostAsync(contentType, [1]).ProblemAsync(HttpStatusCode.UnsupportedMediaType));

    [Fact]
    public async Task No_content_type_is_415() =>
        Assert.EndsWith(", got none", await _client.PostAsync("/predict", null, TestContext.Current.CancellationToken)
            .ProblemAsync(HttpStatusCode.UnsupportedMediaType));

    [Fact]
    public async Task A_bad_file_is_named() =>
        Assert.Equal("file 2 ('notes.txt'): expected a PNG or JPEG, got 5 bytes that begin with 68656C6C6F",
            await _client.PostFilesAsync(("a", "7.png", SevenPng), ("b", "notes.txt", "hello"u8.ToArray()))
                .ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Too_many_files_are_413() =>
        Assert.Equal("expected at most 2 files, got more",
            await _client.PostFilesAsync(("a", "1.png", SevenPng), ("a", "2.png", SevenPng), ("a", "3.png", SevenPng))
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

    [Fact]
    public async Task Too_many_pixels_in_all_are_413()
    {
        Assert.Equal("file 2 ('2.png'): expected at most 3700 pixels in all pictures of a request, got more",
            await _client.PostFilesAsync(("a", "1.png", Large()), ("a", "2.png", Large()))
                .ProblemAsync(HttpStatusCode.RequestEntityTooLarge));
        var base64 = $"{{\"b64\":\"{Convert.ToBase64String(Large())}\"}}";
        Assert.Equal("instances[1].b64: expected at most 3700 pixels in all pictures of a request, got more",
            await _client.PostJsonAsync($"{{\"instances\":[{base64},{base64}]}}").ProblemAsync(HttpStatusCode.RequestEntityTooLarge));

        static byte[] Large()
        {
            var pixels = new byte[30 * 30];
            pixels.AsSpan(450, 10).Fill(255);
            return MnistApi.Imaging.PngEncoding.Encode(pixels, 30, 30);
        }
    }

    [Fact]
    public async Task A_boundary_beyond_the_standards_length_is_400() =>
        Assert.Equal("expected a boundary of at most 70 characters, got 5000",
            await _client.PostAsync($"multipart/form-data; boundary={new string('x', 5000)}", [1]).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_file_name_in_a_strange_encoding_is_no_failure_of_the_service() =>
        Assert.Equal("the multipart form is damaged: a file name is in an encoding that is not read here",
            await _client.PostAsync("multipart/form-data; boundary=x", Encoding.ASCII.GetBytes(
                "--x\r\nContent-Disposition: form-data; name=\"a\"; filename*=utf-7''x.png\r\n\r\nabc\r\n--x--\r\n"))
                .ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_form_without_files_is_400() =>
        Assert.Equal("expected at least one file part (a part with a file name), got none",
            await _client.PostFilesAsync(("comment", null, SevenPng)).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_form_without_boundary_is_400() =>
        Assert.Equal("expected multipart/form-data with a boundary, got a content type without one",
            await _client.PostAsync("multipart/form-data", [1, 2]).ProblemAsync(HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("", Early)]
    [InlineData("--x\r\n", Early)]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\n\r\nabc", Early)]
    [InlineData("--y\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\n\r\nabc\r\n--y--\r\n", Early)]
    [InlineData("--x\r\nno colon\r\n\r\nabc\r\n--x--\r\n", Headers)]
    [InlineData("--x\r\na:1\r\nb:1\r\nc:1\r\nd:1\r\ne:1\r\nf:1\r\ng:1\r\nh:1\r\ni:1\r\nj:1\r\nk:1\r\nl:1\r\nm:1\r\nn:1\r\no:1\r\np:1\r\n"
        + "q:1\r\n\r\nabc\r\n--x--\r\n", Headers)]
    public async Task A_damaged_form_is_400(string body, string damage) =>
        Assert.Equal($"the multipart form is damaged: {damage}",
            await _client.PostAsync("multipart/form-data; boundary=x", Encoding.ASCII.GetBytes(body))
                .ProblemAsync(HttpStatusCode.BadRequest));

    private sealed class Endless(int length) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, Math.Min(_left, 1000));
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private static string Zeros(int count) => string.Join(',', Enumerable.Repeat("0", count));
}
