using System.Net;
using MnistApi.TestData;
using MnistApi.Tests.Grpc;
using MnistApi.Tests.OpenInference;

namespace MnistApi.Tests.Predict;

/// <summary>A JPEG is read wherever a PNG is, and refused by name where the operator turned JPEG off.</summary>
public sealed class JpegTests(Service service) : IClassFixture<Service>
{
    private static readonly byte[] s_jpeg = File.ReadAllBytes(Clone.PathOf("tests", "MnistApi.TestData", "seven-progressive.jpg"));

    public static TheoryData<string> Protocols => EveryProtocol.Names;

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("image/jpg")]
    [InlineData("image/png")] // the bytes say what they are
    public async Task A_jpeg_is_a_body(string type)
    {
        var answer = await service.CreateClient().PostAsync(type, s_jpeg).PredictionsAsync();
        Assert.Equal(7, Assert.Single(answer.Predictions).Digit);
    }

    [Fact]
    public async Task A_jpeg_is_a_file_and_an_instance()
    {
        var client = service.CreateClient();
        var files = await client.PostFilesAsync(("a", "1.jpg", s_jpeg), ("b", "2.png", Pictures.SevenPng)).PredictionsAsync();
        Assert.Equal([7, 7], files.Predictions.Select(prediction => prediction.Digit));
        var json = $"{{\"instances\":[{{\"b64\":\"{Convert.ToBase64String(s_jpeg)}\"}}]}}";
        var instances = await client.PostJsonAsync(json).PredictionsAsync();
        Assert.Equal(7, Assert.Single(instances.Predictions).Digit);
        Assert.Equal(files.Predictions[0].Probabilities, instances.Predictions[0].Probabilities);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Every_protocol_reads_a_jpeg(string protocol)
    {
        await using var every = new Service("Production", ("Grpc:Port", "8081"));
        using var channel = every.Channel();
        Assert.Equal(HttpStatusCode.OK, await EveryProtocol.SendAsync(protocol, every.CreateClient(), channel, s_jpeg));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Every_protocol_refuses_a_jpeg_that_is_turned_off(string protocol)
    {
        await using var pngOnly = new Service("Production", ("Grpc:Port", "8081"), ("Limits:Formats", "Png"));
        using var channel = pngOnly.Channel();
        Assert.Equal(HttpStatusCode.BadRequest, await EveryProtocol.SendAsync(protocol, pngOnly.CreateClient(), channel, s_jpeg));
        Assert.Equal(HttpStatusCode.OK, await EveryProtocol.SendAsync(protocol, pngOnly.CreateClient(), channel, Pictures.SevenPng));
    }

    [Fact]
    public async Task What_is_turned_off_is_named()
    {
        await using var pngOnly = new Service("Production", ("Limits:Formats", "Png"));
        var client = pngOnly.CreateClient();
        const string Named = "expected a PNG, got a JPEG";
        Assert.Equal(Named, await client.PostAsync("image/jpeg", s_jpeg).ProblemAsync(HttpStatusCode.BadRequest));
        Assert.EndsWith(Named, await client.PostFilesAsync(("a", "1.jpg", s_jpeg)).ProblemAsync(HttpStatusCode.BadRequest));
        var json = $"{{\"instances\":[{{\"b64\":\"{Convert.ToBase64String(s_jpeg)}\"}}]}}";
        Assert.EndsWith(Named, await client.PostJsonAsync(json).ProblemAsync(HttpStatusCode.BadRequest));
        var infer = await client.InferAsync(s_jpeg, jsonLength: "0");
        Assert.Contains(Named, await infer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
