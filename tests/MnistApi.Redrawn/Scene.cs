using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>
/// A picture in the making: a page on which one digit is written, before and after which other things happen to it. Colours are 0 to 1
/// in red, green and blue; places are pixels. Everything that chance decides comes from <see cref="Random"/>.
/// </summary>
internal sealed class Scene(Strokes strokes, int seed)
{
    public Random Random { get; } = new(seed);

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Vector3[] Pixels { get; private set; } = [];

    /// <summary>How far the pen covers each pixel, 0 to 1.</summary>
    public float[] Opacities { get; private set; } = [];

    /// <summary>Where the digit is or will be written, without half the pen.</summary>
    public (float Left, float Top, float Width, float Height) Box { get; private set; }

    public Vector3 Ink { get; private set; }

    /// <summary>The pen's width.</summary>
    public float Pen { get; private set; }

    public float Between(float min, float max) => min + (max - min) * Random.NextSingle();

    public T OneOf<T>(params T[] all) => all[Random.Next(all.Length)];

    /// <summary>A page of one colour.</summary>
    public Scene Page(int width, int height, Vector3 colour)
    {
        (Width, Height) = (width, height);
        Pixels = new Vector3[width * height];
        Opacities = new float[width * height];
        Array.Fill(Pixels, colour);
        return this;
    }

    /// <summary>Chooses where the digit will stand: so high, anywhere, but as far from the edges as the margin says.</summary>
    public Scene Place(float height, float margin)
    {
        var width = height * strokes.Width;
        if (width > Width - 2 * margin)
            (width, height) = (Width - 2 * margin, height * (Width - 2 * margin) / width);
        var left = Between(margin, Math.Max(margin, Width - width - margin));
        Box = (left, Between(margin, Math.Max(margin, Height - height - margin)), width, height);
        return this;
    }

    /// <summary>Chooses pen and ink without writing yet.</summary>
    public Scene With(float pen, Vector3 ink)
    {
        (Pen, Ink) = (pen, ink);
        return this;
    }

    /// <summary>Writes the digit; by the pressure the pen may become thinner on its way, 0 not at all to 1.</summary>
    public Scene Write(float opacity = 1, float pressure = 0, bool isHard = false)
    {
        var phase = Between(0, 6);
        foreach (var (from, to) in strokes.Pieces)
        {
            var half = Pen / 2 * (1 - pressure * (0.5f + 0.5f * MathF.Sin(phase + 5 * (from.X + 1.7f * from.Y))));
            Stroke(OnPage(from), OnPage(to), Math.Max(half, 0.35f), isHard);
        }
        return Each((x, y, light) => Vector3.Lerp(light, Ink, Opacities[(int)y * Width + (int)x] * opacity));
    }

    /// <summary>Changes every pixel.</summary>
    public Scene Each(Func<float, float, Vector3, Vector3> change)
    {
        for (var i = 0; i < Pixels.Length; i++)
            Pixels[i] = change(i % Width, i / Width, Pixels[i]);
        return this;
    }

    /// <summary>How far a pen of half this width that goes from one place to another covers a pixel.</summary>
    public static float Cover(Vector2 pixel, Vector2 from, Vector2 to, float half)
    {
        var way = to - from;
        var along = Math.Clamp(Vector2.Dot(pixel - from, way) / Math.Max(way.LengthSquared(), 1e-6f), 0, 1);
        return Math.Clamp(half + 0.5f - Vector2.Distance(pixel, from + along * way), 0, 1) * Math.Min(1, 2 * half);
    }

    private Vector2 OnPage(Vector2 point) => new Vector2(Box.Left, Box.Top) + point * Box.Height;

    private void Stroke(Vector2 from, Vector2 to, float half, bool isHard)
    {
        var (low, high) = (Vector2.Min(from, to) - new Vector2(half + 1), Vector2.Max(from, to) + new Vector2(half + 1));
        for (var y = Math.Max(0, (int)low.Y); y <= Math.Min(Height - 1, high.Y); y++)
        {
            for (var x = Math.Max(0, (int)low.X); x <= Math.Min(Width - 1, high.X); x++)
            {
                var cover = Cover(new Vector2(x, y), from, to, half);
                ref var opacity = ref Opacities[y * Width + x];
                opacity = Math.Max(opacity, isHard ? MathF.Round(cover) : cover);
            }
        }
    }
}
