using System.Globalization;
using System.Text;
using MnistApi.Inference;

namespace MnistApi.Benchmarks;

/// <summary>Images a second against batch size, as a picture: every way of
/// computing the same network, one thread, in alternation.</summary>
internal static class ThroughputPlot
{
    private const int Width = 720, Height = 400, Left = 64, Right = 176, Top = 44, Bottom = 48;
    private static readonly int[] s_batches = [1, 3, 10, 30, 100, 300, 1000, 3000, 10000];
    private static readonly string[] s_colours = ["#0a7d5a", "#c2571a", "#5a5fc0", "#808080"];
    private static readonly string[] s_names = ["MnistApi", "ONNX Runtime", "TensorPrimitives", "plain loops"];

    public static void Write(string path)
    {
        var network = BenchmarkInputs.Network;
        var lines = s_names.Select(_ => new List<double>()).ToArray();
        foreach (var batch in s_batches)
        {
            var pixels = BenchmarkInputs.Pixels("mnist", batch);
            var normalized = BenchmarkInputs.Normalized(pixels);
            var y = new float[batch * MnistImage.Classes];
            var tensors = new TensorPrimitivesPeer(network);
            using var onnx = new OnnxPeer(network, normalized, new float[y.Length]);
            var seconds = Ratios.Measure(
                () => network.Forward(pixels, y), onnx.Run, () => tensors.Run(normalized, y), () => ScalarPeer.Run(network, normalized, y));
            for (var i = 0; i < lines.Length; i++)
                lines[i].Add(batch / seconds[i] / 1e6);
        }
        File.WriteAllText(path, Draw(lines));
    }

    private static string Draw(List<double>[] lines)
    {
        var max = Math.Ceiling(lines.Max(line => line.Max()) * 2) / 2;
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\""));
        svg.Append(" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n");
        svg.Append("<title>Million images a second, one thread, against images a call</title>\n");
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" rx=\"6\" fill=\"#fff\"/>\n"));
        svg.Append(Text(Left, 24, "Million images a second on one thread, MNIST test images", "start", "#222", 14));
        for (var value = 0.0; value <= max; value += 0.5)
        {
            svg.Append(Invariant($"<path d=\"M{Left} {Y(value, max):F1}H{Width - Right}\" stroke=\"#e4e4e4\"/>\n"));
            svg.Append(Text(Left - 8, Y(value, max) + 4, value.ToString("0.0", CultureInfo.InvariantCulture), "end", "#555"));
        }
        foreach (var batch in s_batches)
            svg.Append(Text(X(batch), Height - Bottom + 18, batch.ToString("N0", CultureInfo.InvariantCulture), "middle", "#555"));
        svg.Append(Text((Left + Width - Right) / 2.0, Height - 10, "images a call", "middle", "#555"));
        for (var i = 0; i < lines.Length; i++)
        {
            var points = string.Join(' ', lines[i].Select((value, at) => Invariant($"{X(s_batches[at]):F1},{Y(value, max):F1}")));
            svg.Append(Invariant(
                $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{s_colours[i]}\" stroke-width=\"{(i == 0 ? 3 : 2)}\"/>\n"));
            svg.Append(Text(
                X(s_batches[^1]) + 8, Y(lines[i][^1], max) + 4, Invariant($"{s_names[i]} {lines[i][^1]:0.00}"), "start", s_colours[i]));
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int batch) => Left + Math.Log10(batch) / Math.Log10(s_batches[^1]) * (Width - Left - Right);

    private static double Y(double value, double max) => Height - Bottom - value / max * (Height - Top - Bottom);

    private static string Text(double x, double y, string text, string anchor, string colour, int size = 12) =>
        Invariant($"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-size=\"{size}\">{text}</text>\n");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
