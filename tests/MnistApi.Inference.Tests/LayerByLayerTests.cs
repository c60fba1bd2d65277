namespace MnistApi.Inference.Tests;

public sealed class LayerByLayerTests
{
    private static readonly Network s_network = RandomNetwork.Make(784, 50, 100, 10);

    [Fact]
    public void Gives_each_hidden_layers_output_and_the_logits()
    {
        var outputs = new LayerByLayer(s_network).Run(Image());
        Assert.Equal([50, 100, 10], outputs.Select(output => output.Length));
        var y = new float[10];
        s_network.Forward(Image(), y);
        var softmax = new float[10];
        Activations.Softmax(outputs[^1], softmax);
        for (var k = 0; k < y.Length; k++)
            Assert.Equal(y[k], softmax[k], 1e-6f);
    }

    [Fact]
    public void Floats_and_bytes_give_the_same()
    {
        var layers = new LayerByLayer(s_network);
        var floats = Array.ConvertAll(Image(), pixel => (float)pixel);
        Assert.Equal(layers.Run(Image()), layers.Run(floats, 1f / 255));
    }

    [Fact]
    public void Each_output_is_the_next_layers_input()
    {
        var outputs = new LayerByLayer(s_network).Run(Image());
        var second = s_network.Layers[1];
        for (var j = 0; j < second.Outputs; j++)
        {
            double a = second.Bias[j];
            for (var i = 0; i < second.Inputs; i++)
                a += outputs[0][i] * second.Weights[i * second.Outputs + j];
            Assert.Equal(1 / (1 + Math.Exp(-a)), outputs[1][j], 1e-5);
        }
    }

    [Fact]
    public void Half_an_image_is_refused() =>
        Assert.Throws<ArgumentException>(() => new LayerByLayer(s_network).Run(new byte[392]));

    private static byte[] Image() => [.. Enumerable.Range(0, 784).Select(i => (byte)(i % 7 == 0 ? i % 256 : 0))];
}
