namespace MnistApi.Imaging.Tests;

/// <summary>A sheet to draw on, photograph and spoil, always in the same way for the same seed: 0 black to 1 white.</summary>
internal sealed class Paper
{
    private readonly int _side;
    private readonly float[] _light;

    public Paper(int side = 280, float level = 0.9f)
    {
        _side = side;
        _light = new float[side * side];
        Array.Fill(_light, level);
    }

    /// <summary>A two, in a square of 1: an arc, a diagonal, a foot.</summary>
    public static (float X, float Y)[] Two { get; } =
        [.. Enumerable.Range(0, 13).Select(i => (0.5f - 0.3f * MathF.Cos(i * 0.27f), 0.3f - 0.25f * MathF.Sin(i * 0.27f))),
            (0.75f, 0.45f), (0.2f, 0.95f), (0.85f, 0.95f)];

    /// <summary>Draws the digit in a square of the sheet with a round pen of so many pixels.</summary>
    public Paper Draw((float X, float Y)[] line, float left, float top, float size, float pen, float ink = 0.1f)
    {
        for (var i = 0; i < _light.Length; i++)
        {
            float x = i % _side, y = i / _side, nearest = float.MaxValue;
            for (var corner = 1; corner < line.Length; corner++)
                nearest = Math.Min(nearest, Distance((x - left) / size, (y - top) / size, line[corner - 1], line[corner]) * size);
            var cover = Math.Clamp(pen / 2 + 0.5f - nearest, 0, 1);
            _light[i] += cover * (ink - _light[i]);
        }
        return this;
    }

    /// <summary>Light that falls from one corner to the other by so much.</summary>
    public Paper Gradient(float fall) => Change((x, y, light) => light * (1 - fall * (x + y) / (2f * _side)));

    /// <summary>A shadow beyond a slanted line, with an edge of so many pixels.</summary>
    public Paper Shadow(float depth, float edge) => Change((x, y, light) =>
        light * (1 - depth * Math.Clamp(((x + 0.4f * y) / _side - 0.6f) * _side / edge + 0.5f, 0, 1)));

    /// <summary>The same as a band of so many pixels.</summary>
    public Paper Band(float depth, float width, float at = 0.7f) => Change((x, y, light) =>
        Math.Abs(x + 0.4f * y - at * _side) < width / 2 ? light * (1 - depth) : light);

    /// <summary>A highlighter's band between two rows, over what is written there.</summary>
    public Paper Highlighted(int top, int bottom) => Change((_, y, light) => y >= top && y < bottom ? light * 0.8f : light);

    /// <summary>A disc of one level: a coin, or a fingertip that reaches in.</summary>
    public Paper Disc(float middleX, float middleY, float radius, float level) => Change((x, y, light) =>
        MathF.Pow(x - middleX, 2) + MathF.Pow(y - middleY, 2) <= radius * radius ? level : light);

    /// <summary>Dim but for a lamp's pool of light, a share of the picture wide.</summary>
    public Paper Lamp(float middleX, float middleY, float width) => Change((x, y, light) =>
        light * (0.3f + 0.7f * MathF.Exp(-(MathF.Pow(x - middleX, 2) + MathF.Pow(y - middleY, 2)) / MathF.Pow(width * _side, 2))));

    /// <summary>A printed box.</summary>
    public Paper Box(int left, int top, int right, int bottom, int line) => Change((x, y, light) =>
        x >= left && x < right && y >= top && y < bottom
            && !(x >= left + line && x < right - line && y >= top + line && y < bottom - line) ? 0.3f : light);

    /// <summary>A fold from edge to edge, a little darker than the sheet, and the sheet beyond it a little less light.</summary>
    public Paper Crease(float dark) => Change((x, y, light) =>
    {
        var beyond = (y - 0.6f * x - 0.1f * _side) / 1.17f; // pixels from the fold
        return light * (1 - dark * Math.Max(0, 1 - Math.Abs(beyond) / 2)) * (beyond > 0 ? 0.93f : 1);
    });

    public Paper Grain(float strength, int seed)
    {
        var random = new Random(seed);
        return Change((_, _, light) => light + strength * (random.NextSingle() + random.NextSingle() - 1));
    }

    /// <summary>Lines every so many pixels, slightly aslant; also the other way where squared.</summary>
    public Paper Ruled(int spacing, float dark, bool isSquared) => Change((x, y, light) =>
        (y + x / 40 + spacing / 3) % spacing < 2 || (isSquared && (x + y / 50 + spacing / 3) % spacing < 2) ? light * (1 - dark) : light);

    /// <summary>Straight lines of two pixels, the first ones close to the edges; level alone where ruled.</summary>
    public Paper Squared(int spacing, float dark, bool isRuled = false) => Change((x, y, light) =>
        (y - 5) % spacing is 0 or 1 || (!isRuled && (x - 5) % spacing is 0 or 1) ? light * (1 - dark) : light);

    public Paper Specks(int count, int seed)
    {
        var random = new Random(seed);
        var specks = Enumerable.Range(0, count)
            .Select(_ => (X: random.Next(_side), Y: random.Next(_side), Radius: 0.5f + random.NextSingle() * _side / 120))
            .ToArray();
        return Change((x, y, light) =>
            specks.Any(speck => MathF.Pow(x - speck.X, 2) + MathF.Pow(y - speck.Y, 2) <= speck.Radius * speck.Radius) ? 0.1f : light);
    }

    public byte[] Png() => PngEncoding.Encode([.. _light.Select(light => (byte)Math.Clamp(light * 255, 0, 255))], _side, _side);

    private static float Distance(float x, float y, (float X, float Y) a, (float X, float Y) b)
    {
        float dx = b.X - a.X, dy = b.Y - a.Y;
        var along = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return MathF.Sqrt(MathF.Pow(a.X + along * dx - x, 2) + MathF.Pow(a.Y + along * dy - y, 2));
    }

    private Paper Change(Func<int, int, float, float> change)
    {
        for (var i = 0; i < _light.Length; i++)
            _light[i] = change(i % _side, i / _side, _light[i]);
        return this;
    }
}
