namespace MnistApi.Inference.Tests;

/// <summary>Networks and pictures drawn by chance from fixed seeds.</summary>
internal static class RandomNetwork
{
    public static Network Make(params int[] widths)
    {
        var random = new Random(widths.Sum());
        var layers = new List<DenseLayer>();
        for (var i = 1; i < widths.Length; i++)
        {
            layers.Add(new DenseLayer(
                Numbers(random, widths[i - 1] * widths[i], 2 / MathF.Sqrt(widths[i - 1])),
                Numbers(random, widths[i], 1),
                i == widths.Length - 1 ? Activation.Softmax : Activation.Sigmoid));
        }
        return new Network(layers);
    }

    /// <summary>Bytes of which about <paramref name="ink"/> are not zero.</summary>
    public static byte[] Picture(int images, int inputs, double ink, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images * inputs).Select(_ => (byte)(random.NextDouble() < ink ? random.Next(1, 256) : 0))];
    }

    private static float[] Numbers(Random random, int count, float spread) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * spread)];
}
