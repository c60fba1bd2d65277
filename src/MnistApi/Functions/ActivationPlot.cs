namespace MnistApi.Functions;

/// <summary>Draws activation functions from their own values.</summary>
internal sealed class ActivationPlot(string title, float low, float high)
{
    private const int Width = 480, Height = 300, Left = 44, Right = 16, Top = 40, Bottom = 34;
    private const int From = -6, To = 6, StepsPerUnit = 20;

    private readonly SvgDrawing _svg = new(title);

    public static string Draw(Activation activation, Activation? against)
    {
        var formula = ActivationsEndpoint.Formula(activation);
        if (activation == Activation.Softmax)
            return new ActivationPlot("Softmax of 0.3, 2.9 and 4.0", 0, 1.1f).Bars(formula, ActivationsEndpoint.SoftmaxExample);
        Activation[] drawn = against is null || against == activation ? [activation] : [activation, against.Value];
        var title = string.Join(" and ", drawn.Select(each => each.Name()));
        var x = Enumerable.Range(From * StepsPerUnit, (To - From) * StepsPerUnit + 1).Select(i => i / (float)StepsPerUnit).ToArray();
        var curves = drawn.Select(each => ActivationsEndpoint.Apply(each, x)).ToArray();
        var (min, max) = (curves.Min(y => y.Min()), curves.Max(y => y.Max()));
        var margin = 0.08f * (max - min);
        return new ActivationPlot($"Plot of {title}", min - margin, max + margin).Curves(drawn.Length == 1 ? formula : title, x, curves);
    }

    private string Curves(string heading, float[] x, float[][] curves)
    {
        _svg.Text(Left, 24, heading, anchor: "start");
        _svg.Add($"<path class=\"axis\" d=\"M{Left} {Y(0)}H{Width - Right}M{X(0)} {Top}V{Height - Bottom}\"/>");
        for (var tick = From; tick <= To; tick += 2)
            _svg.Text(X(tick), Height - 12, tick.ToString(CultureInfo.InvariantCulture), "muted small");
        var step = high - low > 3 ? 2 : 0.5f;
        for (var tick = MathF.Ceiling(low / step) * step; tick <= high; tick += step)
        {
            var label = (tick + 0f).ToString("0.#", CultureInfo.InvariantCulture); // + 0: no "-0"
            _svg.Text(Left - 8, Y(tick) + 4, label, "muted small", "end");
        }
        foreach (var (i, y) in curves.Index())
            _svg.Add($"<path class=\"curve{(i > 0 ? " second" : "")}\" d=\"{Path(x, y)}\"/>");
        return _svg.Finish(Width, Height);
    }

    /// <summary>The points, without those that lie on the line between their neighbours.</summary>
    private string Path(float[] x, float[] y)
    {
        var points = Enumerable.Range(0, x.Length).Where(i => i == 0 || i == x.Length - 1
            || MathF.Abs(y[i + 1] - 2 * y[i] + y[i - 1]) >= 1e-5f * (high - low));
        return "M" + string.Join('L', points.Select(i => SvgDrawing.Format($"{X(x[i])} {Y(y[i])}")));
    }

    private string Bars(string heading, float[] x)
    {
        var y = ActivationsEndpoint.Apply(Activation.Softmax, x);
        _svg.Text(Left, 24, heading, anchor: "start");
        _svg.Add($"<path class=\"axis\" d=\"M{Left} {Y(0)}H{Width - Right}\"/>");
        for (var k = 0; k < x.Length; k++)
        {
            var middle = Left + (k + 0.5) * (Width - Left - Right) / x.Length;
            var (top, bottom) = (Y(y[k]), Y(0));
            _svg.Add($"<rect class=\"bar\" x=\"{middle - 32}\" y=\"{top}\" width=\"64\" height=\"{bottom - top}\"/>");
            _svg.Text(middle, top - 8, y[k].ToString("0.000", CultureInfo.InvariantCulture));
            _svg.Text(middle, Height - 12, string.Create(CultureInfo.InvariantCulture, $"a = {x[k]:0.0}"), "muted small");
        }
        return _svg.Finish(Width, Height);
    }

    private static double X(float x) => Left + (x - From) / (To - From) * (Width - Left - Right);

    private double Y(float y) => Height - Bottom - (y - low) / (high - low) * (Height - Top - Bottom);
}
