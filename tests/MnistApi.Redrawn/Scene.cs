using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>
/// A picture in the making: a ground on which one digit is written, before and after which other things happen to
/// it. Colours are 0 to 1 in red, green and blue; places are pixels. Everything that chance decides comes from <see cref="Random"/>.
/// </summary>
internal sealed class Scene
{
    private readonly Strokes _strokes;
    private float[] _cover; // by the pen, of each pixel

    public Scene(Strokes strokes, int seed)
    {
        _strokes = strokes;
        Random = new Random(seed);
        (Pixels, _cover) = ([], []);
    }

    public Random Random { get; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Vector3[] Pixels { get; private set; }

    /// <summary>By how much the pen covers each pixel, 0 to 1: an opacity for pictures with one.</summary>
    public ReadOnlySpan<float> Cover => _cover;

    /// <summary>Where the digit is or will be written: left, top, width, height without half the pen.</summary>
    public (float Left, float Top, float Width, float Height) Box { get; private set; }

    public Vector3 Ink { get; private set; }

    /// <summary>How much of the ink there is where the pen went.</summary>
    public float Opacity { get; private set; } = 1;

    /// <summary>The pen's width.</summary>
    public float Pen { get; private set; }

    public float Between(float least, float most) => least + (most - least) * Random.NextSingle();

    public bool Chance(float share) => Random.NextSingle() < share;

    public T OneOf<T>(params T[] all) => all[Random.Next(all.Length)];

    /// <summary>A ground of one colour.</summary>
    public Scene Ground(int width, int height, Vector3 colour)
    {
        (Width, Height) = (width, height);
        Pixels = new Vector3[width * height];
        _cover = new float[width * height];
        Array.Fill(Pixels, colour);
        return this;
    }

    /// <summary>Chooses where the digit will stand: so high, anywhere, but as far from the edges as the margin says.</summary>
    public Scene Place(float height, float margin)
    {
        var width = height * _strokes.Width;
        if (width > Width - 2 * margin)
            (width, height) = (Width - 2 * margin, height * (Width - 2 * margin) / width);
        Box = (Between(margin, Math.Max(margin, Width - width - margin)), Between(margin, Math.Max(margin, Height - height - margin)), width, height);
        return this;
    }

    /// <summary>Sets it to a place.</summary>
    public Scene PlaceAt(float left, float top, float height)
    {
        Box = (left, top, height * _strokes.Width, height);
        return this;
    }

    /// <summary>Chooses pen and ink without writing yet.</summary>
    public Scene With(float pen, Vector3 ink)
    {
        (Pen, Ink) = (pen, ink);
        return this;
    }

    /// <summary>Writes the digit.</summary>
    /// <param name="opacity">Of the ink.</param>
    /// <param name="pressure">How much thinner the pen may become on its way, 0 not at all to 1.</param>
    /// <param name="isHard">No grey edges.</param>
    /// <param name="ink">Another ink at each place; <see cref="Ink"/> without.</param>
    public Scene Write(float opacity = 1, float pressure = 0, bool isHard = false, Func<float, float, Vector3>? ink = null)
    {
        Opacity = opacity;
        var phase = Between(0, 6);
        foreach (var (from, to) in _strokes.Pieces)
        {
            var (a, b) = (OnPicture(from), OnPicture(to));
            var half = Pen / 2 * (1 - pressure * (0.5f + 0.5f * MathF.Sin(phase + 5 * (from.X + 1.7f * from.Y))));
            Stroke(a, b, Math.Max(half, 0.35f), isHard);
        }
        for (var i = 0; i < Pixels.Length; i++)
        {
            if (_cover[i] > 0)
                Pixels[i] = Vector3.Lerp(Pixels[i], ink?.Invoke(i % Width, i / Width) ?? Ink, _cover[i] * opacity);
        }
        return this;
    }

    /// <summary>Draws something else with a pen.</summary>
    public Scene Line(Vector2 from, Vector2 to, float pen, Vector3 colour)
    {
        var reach = pen / 2 + 1;
        var (low, high) = (Vector2.Min(from, to) - new Vector2(reach), Vector2.Max(from, to) + new Vector2(reach));
        return Within(low.X, low.Y, high.X, high.Y, (x, y, light) =>
            Vector3.Lerp(light, colour, Math.Clamp(pen / 2 + 0.5f - Distance(new Vector2(x, y), from, to), 0, 1) * Math.Min(1, pen)));
    }

    /// <summary>Changes every pixel.</summary>
    public Scene Each(Func<float, float, Vector3, Vector3> change) => Within(0, 0, Width, Height, change);

    /// <summary>Changes the pixels of a rectangle.</summary>
    public Scene Within(float left, float top, float right, float bottom, Func<float, float, Vector3, Vector3> change)
    {
        for (var y = Math.Max(0, (int)top); y < Math.Min(Height, bottom); y++)
        {
            for (var x = Math.Max(0, (int)left); x < Math.Min(Width, right); x++)
                Pixels[y * Width + x] = change(x, y, Pixels[y * Width + x]);
        }
        return this;
    }

    /// <summary>Takes each pixel from elsewhere, between four; from beyond the edges comes what is outside.</summary>
    public Scene Warp(int width, int height, Func<float, float, Vector2> from, Func<float, float, Vector3> outside)
    {
        var (pixels, cover) = (new Vector3[width * height], new float[width * height]);
        for (var i = 0; i < pixels.Length; i++)
        {
            float x = i % width, y = i / width;
            var at = from(x, y);
            if (at.X < 0 || at.Y < 0 || at.X > Width - 1 || at.Y > Height - 1)
            {
                pixels[i] = outside(x, y);
                continue;
            }
            var (column, row) = (Math.Min((int)at.X, Width - 2), Math.Min((int)at.Y, Height - 2));
            var (right, down, first) = (at.X - column, at.Y - row, row * Width + column);
            pixels[i] = Vector3.Lerp(Vector3.Lerp(Pixels[first], Pixels[first + 1], right), Vector3.Lerp(Pixels[first + Width], Pixels[first + Width + 1], right), down);
            cover[i] = float.Lerp(float.Lerp(_cover[first], _cover[first + 1], right), float.Lerp(_cover[first + Width], _cover[first + Width + 1], right), down);
        }
        (Width, Height, Pixels, _cover) = (width, height, pixels, cover);
        return this;
    }

    private Vector2 OnPicture(Vector2 point) => new Vector2(Box.Left, Box.Top) + point * Box.Height;

    private void Stroke(Vector2 from, Vector2 to, float half, bool isHard)
    {
        var reach = half + 1;
        var (low, high) = (Vector2.Min(from, to) - new Vector2(reach), Vector2.Max(from, to) + new Vector2(reach));
        for (var y = Math.Max(0, (int)low.Y); y <= Math.Min(Height - 1, high.Y); y++)
        {
            for (var x = Math.Max(0, (int)low.X); x <= Math.Min(Width - 1, high.X); x++)
            {
                var inside = half - Distance(new Vector2(x, y), from, to);
                ref var cover = ref _cover[y * Width + x];
                cover = Math.Max(cover, isHard ? inside >= 0 ? 1 : 0 : Math.Clamp(inside + 0.5f, 0, 1) * Math.Min(1, 2 * half));
            }
        }
    }

    private static float Distance(Vector2 point, Vector2 from, Vector2 to)
    {
        var way = to - from;
        var along = Math.Clamp(Vector2.Dot(point - from, way) / Math.Max(way.LengthSquared(), 1e-6f), 0, 1);
        return Vector2.Distance(point, from + along * way);
    }
}
