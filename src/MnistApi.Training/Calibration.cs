using MnistApi.Inference;
using MnistApi.Inference.Datasets;

namespace MnistApi.Training;

/// <summary>How good the answers for undistorted pictures are, and how sure the network should be of them.</summary>
internal static class Calibration
{
    private const int Rows = 1024; // pictures a pass
    private const float MinTemperature = 0.25f;
    private const float MaxTemperature = 4;

    /// <summary>The share of pictures whose likeliest digit is right; NaN of none.</summary>
    public static double Accuracy(Parameters parameters, MnistSet set, int from, int to)
    {
        var correct = 0;
        ForEach(parameters, set, from, to, (y, label) => correct += Classes.Best(y) == label ? 1 : 0);
        return from == to ? double.NaN : (double)correct / (to - from);
    }

    /// <summary>What the sums before the softmax must be divided by for the likeliest
    /// labels (Guo, Pleiss, Sun and Weinberger 2017).</summary>
    public static float Temperature(Parameters parameters, MnistSet set, int from, int to)
    {
        var logarithms = new List<float[]>();
        var labels = new List<int>();
        ForEach(parameters, set, from, to, (y, label) =>
        {
            logarithms.Add([.. y.ToArray().Select(p => MathF.Log(MathF.Max(p, float.Epsilon)))]);
            labels.Add(label);
        });
        var (low, high) = (MinTemperature, MaxTemperature); // the loss has a single minimum between them
        while (high / low > 1.001f)
        {
            var (third, twoThirds) = (low * MathF.Cbrt(high / low), high / MathF.Cbrt(high / low));
            (low, high) = Loss(third) < Loss(twoThirds) ? (low, twoThirds) : (third, high);
        }
        return MathF.Sqrt(low * high);

        double Loss(float temperature)
        {
            double loss = 0;
            for (var i = 0; i < labels.Count; i++)
            {
                var sum = 0.0;
                foreach (var logarithm in logarithms[i])
                    sum += Math.Exp(logarithm / temperature);
                loss += Math.Log(sum) - logarithms[i][labels[i]] / temperature;
            }
            return loss;
        }
    }

    private delegate void Answer(ReadOnlySpan<float> y, int label);

    private static void ForEach(Parameters parameters, MnistSet set, int from, int to, Answer answer)
    {
        if (from == to)
            return;
        var pass = new Backpropagation(parameters, Rows);
        for (var first = from; first < to; first += Rows)
        {
            var count = Math.Min(Rows, to - first);
            for (var i = 0; i < count; i++)
            {
                var input = pass.Input(i);
                foreach (var (at, pixel) in set.Image(first + i).ToArray().Index())
                    input[at] = pixel / (float)MnistImage.FullInk;
            }
            pass.Forward(0, MatrixProduct.PadRows(count));
            for (var i = 0; i < count; i++)
                answer(pass.Output(i), set.Labels.Span[first + i]);
        }
    }
}
