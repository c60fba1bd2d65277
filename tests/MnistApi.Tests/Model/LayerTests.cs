using System.Buffers.Binary;
using System.Net;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Model;

namespace MnistApi.Tests.Model;

/// <summary>What the service shows of the loaded network.</summary>
public sealed class LayerTests(Service service) : IClassFixture<Service>
{
    private readonly HttpClient _client = service.CreateClient();
    private readonly Network _network = service.Services.GetRequiredService<LoadedModel>().Network;

    [Theory]
    [InlineData("")]
    [InlineData("?flow=right")]
    [InlineData("?flow=down")]
    public async Task The_diagram_has_every_unit_of_every_layer_within_its_frame(string query)
    {
        var svg = XDocument.Parse(await _client.GetStringAsync($"/model/diagram.svg{query}", TestContext.Current.CancellationToken)).Root!;
        var frame = svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
        var units = svg.Descendants().Where(element => element.Name.LocalName == "circle").ToArray();
        Assert.Equal([(1, 50), (2, 100), (3, 10)],
            units.GroupBy(unit => (int)unit.Attribute("data-layer")!).Select(layer => (layer.Key, layer.Count())));
        Assert.All(units, unit =>
        {
            Assert.InRange((double)unit.Attribute("cx")!, 0, frame[2]);
            Assert.InRange((double)unit.Attribute("cy")!, 0, frame[3]);
        });
        Assert.Contains("z2 = sigmoid(a2)", svg.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_wide_layer_a_part_is_drawn_and_said_so()
    {
        var network = new Network([new DenseLayer(new float[784 * 201], new float[201], Activation.Relu),
            new DenseLayer(new float[201 * 10], new float[10], Activation.Softmax)]);
        var svg = XDocument.Parse(NetworkDiagram.Draw(network, isDown: false)).Root!;
        Assert.Equal(210, svg.Descendants().Count(element => element.Name.LocalName == "circle"));
        Assert.Contains("201 units, 200 drawn", svg.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Weights_are_the_files_row_by_row_and_then_the_biases(int layer)
    {
        var bytes = await _client.GetByteArrayAsync($"/model/layers/{layer}/weights", TestContext.Current.CancellationToken);
        var expected = _network.Layers[layer - 1];
        Assert.Equal(expected.Parameters * 4, bytes.Length);
        var floats = bytes.Chunk(4).Select(four => BinaryPrimitives.ReadSingleLittleEndian(four)).ToArray();
        Assert.Equal(expected.Weights.ToArray(), floats[..expected.Weights.Length]);
        Assert.Equal(expected.Bias.ToArray(), floats[expected.Weights.Length..]);
    }

    [Fact]
    public async Task A_units_picture_is_mid_grey_where_its_weights_are_nothing()
    {
        var png = await _client.GetByteArrayAsync("/model/layers/1/units/49.png", TestContext.Current.CancellationToken);
        var pixels = new byte[784];
        DigitReader.ReadDigit(png, preprocess: Preprocess.None).Digits[0].Pixels.CopyTo(pixels);
        var weights = Enumerable.Range(0, 784).Select(i => _network.Layers[0].Weights[i * 50 + 49]).ToArray();
        var largest = weights.Max(MathF.Abs);
        Assert.Equal(weights.Select(weight => (byte)MathF.Round(128 + weight / largest * 127)), pixels);
    }

    [Theory]
    [InlineData("/model/diagram.svg?flow=up", HttpStatusCode.BadRequest, "flow is 'up', expected right or down")]
    [InlineData("/model/layers/0/weights", HttpStatusCode.NotFound, "there is no layer '0', expected 1 to 3")]
    [InlineData("/model/layers/4/weights", HttpStatusCode.NotFound, "there is no layer '4', expected 1 to 3")]
    [InlineData("/model/layers/one/weights", HttpStatusCode.NotFound, "there is no layer 'one', expected 1 to 3")]
    [InlineData("/model/layers/1/units/50.png", HttpStatusCode.NotFound, "there is no unit of layer 1 '50', expected 0 to 49")]
    [InlineData("/model/layers/1/units/-1.png", HttpStatusCode.NotFound, "there is no unit of layer 1 '-1', expected 0 to 49")]
    public async Task What_is_not_there_is_said(string path, HttpStatusCode status, string detail) =>
        Assert.Equal(detail, await _client.GetAsync(path, TestContext.Current.CancellationToken).ProblemAsync(status));
}
