namespace MnistApi.Functions;

/// <summary>Draws activation functions from their own values.</summary>
internal static class ActivationPlot
{
    private const int Width = 480, Height = 300, Left = 44, Right = 16, Top = 40, Bottom = 34;
    private const int From = -6, To = 6, StepsPerUnit = 20;

    public static string Draw(Activation activation, Activation? against)
    {
        if (activation == Activation.Softmax)
            return DrawSoftmax();
        Activation[] drawn = against is null || against == activation ? [activation] : [activation, against.Value];
        var title = string.Join(" and ", drawn.Select(each => each.Name()));
        var svg = new SvgDrawing(Width, Height, $"Plot of {title}");
        var x = Enumerable.Range(From * StepsPerUnit, (To - From) * StepsPerUnit + 1).Select(i => i / (float)StepsPerUnit).ToArray();
        var curves = drawn.Select(each => Values(each, x)).ToArray();
        var (min, max) = (curves.Min(y => y.Min()), curves.Max(y => y.Max()));
        var (low, high) = (min - 0.08f * (max - min), max + 0.08f * (max - min));

        svg.Text(Left, 24, drawn.Length == 1 ? ActivationsEndpoint.Formula(activation) : title, anchor: "start");
        Axes(svg, low, high);
        foreach (var (i, y) in curves.Index())
            svg.Add($"<path class=\"curve{(i > 0 ? " second" : "")}\" d=\"{Path(x, y, low, high)}\"/>");
        return svg.ToString();
    }

    private static float[] Values(Activation activation, float[] x)
    {
        var y = new float[x.Length];
        Activations.Apply(activation, x, y);
        return y;
    }

    private static void Axes(SvgDrawing svg, float low, float high)
    {
        svg.Add($"<path class=\"axis\" d=\"M{Left} {Y(0, low, high)}H{Width - Right}M{X(0)} {Top}V{Height - Bottom}\"/>");
        for (var tick = From; tick <= To; tick += 2)
            svg.Text(X(tick), Height - 12, tick.ToString(CultureInfo.InvariantCulture), "muted small");
        var step = high - low > 3 ? 2 : 0.5f;
        for (var tick = MathF.Ceiling(low / step) * step; tick <= high; tick += step)
        {
            var label = (tick + 0f).ToString("0.#", CultureInfo.InvariantCulture); // + 0: no "-0"
            svg.Text(Left - 8, Y(tick, low, high) + 4, label, "muted small", "end");
        }
    }

    /// <summary>The points, without those that lie on the line between their neighbours.</summary>
    private static string Path(float[] x, float[] y, float low, float high)
    {
        var points = Enumerable.Range(0, x.Length).Where(i => i == 0 || i == x.Length - 1
            || MathF.Abs(y[i + 1] - 2 * y[i] + y[i - 1]) >= 1e-5f * (high - low));
        return "M" + string.Join('L', points.Select(i => SvgDrawing.Format($"{X(x[i])} {Y(y[i], low, high)}")));
    }

    private static string DrawSoftmax()
    {
        var x = ActivationsEndpoint.SoftmaxExample;
        var y = Values(Activation.Softmax, x);
        var svg = new SvgDrawing(Width, Height, "Softmax of 0.3, 2.9 and 4.0");
        svg.Text(Left, 24, ActivationsEndpoint.Formula(Activation.Softmax), anchor: "start");
        svg.Add($"<path class=\"axis\" d=\"M{Left} {Y(0, 0, 1)}H{Width - Right}\"/>");
        for (var k = 0; k < x.Length; k++)
        {
            var middle = Left + (k + 0.5) * (Width - Left - Right) / x.Length;
            var (top, bottom) = (Y(y[k], 0, 1.1f), Y(0, 0, 1.1f));
            svg.Add($"<rect class=\"bar\" x=\"{middle - 32}\" y=\"{top}\" width=\"64\" height=\"{bottom - top}\"/>");
            svg.Text(middle, top - 8, y[k].ToString("0.000", CultureInfo.InvariantCulture));
            svg.Text(middle, Height - 12, string.Create(CultureInfo.InvariantCulture, $"a = {x[k]:0.0}"), "muted small");
        }
        return svg.ToString();
    }

    private static double X(float x) => Left + (x - From) / (To - From) * (Width - Left - Right);

    private static double Y(float y, float low, float high) => Height - Bottom - (y - low) / (high - low) * (Height - Top - Bottom);
}
