namespace MnistApi.Inference.Tests;

/// <summary>The slow twin: the chapter's loops in double precision, nothing shared with the kernels.</summary>
internal static class ScalarNetwork
{
    public static double[] Forward(Network network, IEnumerable<double> x)
    {
        var z = x.ToArray();
        foreach (var layer in network.Layers)
        {
            var a = new double[layer.Outputs];
            for (var j = 0; j < layer.Outputs; j++)
            {
                a[j] = layer.Bias[j];
                for (var i = 0; i < layer.Inputs; i++)
                    a[j] += z[i] * layer.Weights[i * layer.Outputs + j];
            }
            z = Activate(layer.Activation, a);
        }
        return z;
    }

    public static double[] Activate(Activation activation, double[] a) => activation switch
    {
        Activation.Identity => a,
        Activation.Step => [.. a.Select(value => value > 0 ? 1.0 : 0.0)],
        Activation.Sigmoid => [.. a.Select(value => 1 / (1 + Math.Exp(-value)))],
        Activation.Relu => [.. a.Select(value => Math.Max(0, value))],
        Activation.Softmax => Softmax(a),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    private static double[] Softmax(double[] a)
    {
        var max = a.Max();
        var e = a.Select(value => Math.Exp(value - max)).ToArray();
        return [.. e.Select(value => value / e.Sum())];
    }
}
