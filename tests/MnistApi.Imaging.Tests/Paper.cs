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
        [.. Enumerable.Range(0, 13).Select(i => (0.5f - 0.3f * MathF.Cos(i * 0.27f), 0.3f - 0.25f * MathF.Sin(i * 0.27f))), (0.75f, 0.45f), (0.2f, 0.95f), (0.85f, 0.95f)];

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
    public Paper Shadow(float depth, float edge) => Change((x, y, light) => light * (1 - depth * Math.Clamp(((x + 0.4f * y) / _side - 0.6f) * _side / edge + 0.5f, 0, 1)));

    /// <summary>The same as a band of so many pixels.</summary>
    public Paper Band(float depth, float width, float at = 0.7f) => Change((x, y, light) => Math.Abs(x + 0.4f * y - at * _side) < width / 2 ? light * (1 - depth) : light);

    /// <summary>Something of one level, with straight sides.</summary>
    public Paper Block(int left, int top, int right, int bottom, float level) => Change((x, y, light) => x >= left && x < right && y >= top && y < bottom ? level : light);

    /// <summary>A highlighter's band between two rows, over what is written there.</summary>
    public Paper Highlighted(int top, int bottom) => Change((_, y, light) => y >= top && y < bottom ? light * 0.8f : light);

    /// <summary>A disc of one level: a coin, or a fingertip that reaches in.</summary>
    public Paper Disc(float middleX, float middleY, float radius, float level) => Change((x, y, light) =>
        MathF.Pow(x - middleX, 2) + MathF.Pow(y - middleY, 2) <= radius * radius ? level : light);

    /// <summary>Dim but for a lamp's pool of light, a share of the picture wide.</summary>
    public Paper Lamp(float middleX, float middleY, float width) => Change((x, y, light) =>
        light * (0.3f + 0.7f * MathF.Exp(-(MathF.Pow(x - middleX, 2) + MathF.Pow(y - middleY, 2)) / MathF.Pow(width * _side, 2))));

    /// <summary>A program's button: dark, with something light on it.</summary>
    public Paper Button(int left, int top, int width, int height) => Change((x, y, light) =>
        x < left || x >= left + width || y < top || y >= top + height ? light : y > top + height / 3 && y < top + height * 2 / 3 && x > left + width / 4 && x < left + width * 3 / 4 && x % 6 < 2 ? 0.95f : 0.3f);

    /// <summary>A line of something like print.</summary>
    public Paper Print(int left, int top, int letters) => Change((x, y, light) =>
        x >= left && x < left + 8 * letters && y >= top && y < top + 9 && ((x - left) % 8 is 0 or 4 || (y == top && (x - left) % 8 < 4)) ? 0.25f : light);

    /// <summary>A table of one level beside the sheet, beyond a slanted line.</summary>
    public Paper Table(float level) => Change((x, y, light) => y + 0.05f * x > 0.88f * _side ? level : light);

    /// <summary>The sheet, from its middle to a side this share of the picture, lies aslant on a table that shows on all sides.</summary>
    public Paper OnTable(float level, float half) => Change((x, y, light) =>
    {
        float fromMiddleX = x - _side / 2f + 0.15f * (y - _side / 2f), fromMiddleY = y - _side / 2f - 0.15f * (x - _side / 2f);
        return Math.Max(Math.Abs(fromMiddleX), Math.Abs(fromMiddleY)) > half * _side ? level : light;
    });

    /// <summary>The sheet on a table, seen from its left side: its other one is shorter.</summary>
    public Paper SeenFromOneSide(float level) => Change((x, y, light) =>
        Math.Abs(y - _side / 2f) > 0.46f * _side - 0.2f * x || Math.Abs(x - _side / 2f) > 0.45f * _side ? level : light);

    /// <summary>A printed box.</summary>
    public Paper Box(int left, int top, int right, int bottom, int line) => Change((x, y, light) =>
        x >= left && x < right && y >= top && y < bottom && !(x >= left + line && x < right - line && y >= top + line && y < bottom - line) ? 0.3f : light);

    /// <summary>A circle drawn with a line of so many pixels, under what is darker.</summary>
    public Paper Circle(float middleX, float middleY, float radius, float line, float level = 0.3f) => Change((x, y, light) =>
        Math.Abs(MathF.Sqrt(MathF.Pow(x - middleX, 2) + MathF.Pow(y - middleY, 2)) - radius) <= line / 2 ? Math.Min(light, level) : light);

    /// <summary>A fold from edge to edge, a little darker than the sheet, and the sheet beyond it a little less light.</summary>
    public Paper Crease(float dark) => Change((x, y, light) =>
    {
        var beyond = (y - 0.6f * x - 0.1f * _side) / 1.17f; // pixels from the fold
        return light * (1 - dark * Math.Max(0, 1 - Math.Abs(beyond) / 2)) * (beyond > 0 ? 0.93f : 1);
    });

    /// <summary>Something like letters along the lower edge.</summary>
    public Paper Caption(float dark) => Change((x, y, light) => y > 0.93f * _side && y < 0.96f * _side && x > 0.3f * _side && x < 0.7f * _side && x % 6 < 3 ? light * (1 - dark) : light);

    public Paper Grain(float strength, int seed)
    {
        var random = new Random(seed);
        return Change((_, _, light) => light + strength * (random.NextSingle() + random.NextSingle() - 1));
    }

    /// <summary>Black and white alone, what each dot is off given to the pixels that follow (Floyd and Steinberg 1976).</summary>
    public Paper OneBit()
    {
        for (var i = 0; i < _light.Length; i++)
        {
            var level = _light[i] < 0.5f ? 0 : 1;
            var rest = _light[i] - level;
            _light[i] = level;
            var (x, isLast) = (i % _side, i / _side == _side - 1);
            Give(x < _side - 1, i + 1, 7);
            Give(x > 0 && !isLast, i + _side - 1, 3);
            Give(!isLast, i + _side, 5);
            Give(x < _side - 1 && !isLast, i + _side + 1, 1);

            void Give(bool isThere, int to, int sixteenths)
            {
                if (isThere)
                    _light[to] += rest * sixteenths / 16;
            }
        }
        return this;
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
        var specks = Enumerable.Range(0, count).Select(_ => (X: random.Next(_side), Y: random.Next(_side), Radius: 0.5f + random.NextSingle() * _side / 120)).ToArray();
        return Change((x, y, light) => specks.Any(speck => MathF.Pow(x - speck.X, 2) + MathF.Pow(y - speck.Y, 2) <= speck.Radius * speck.Radius) ? 0.1f : light);
    }

    public Paper Frame(int left, int top, int right, int bottom, float level = 0.05f) =>
        Change((x, y, light) => x < left || y < top || x >= _side - right || y >= _side - bottom ? level : light);

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
