namespace MnistApi.Training;

/// <summary>
/// Writes digits with a pen of its own: a way of <see cref="Skeletons"/> with every point moved a little,
/// slanted, turned, narrowed or widened and bent, drawn with a thin or a thick pen into MNIST's 20x20
/// box. And, so that the network learns to doubt, what is no digit.
/// </summary>
internal sealed class Handwriting
{
    private const float Jitter = 6; // hundredths of the height, for each point
    private const float StrokeShift = 4; // the same for a whole stroke
    private const float Bend = 6; // and for the bend of all
    private const float Rotation = 0.2f; // radians
    private const float MinSlant = -0.25f; // to the left
    private const float MaxSlant = 0.5f;
    private const float Narrowest = 0.6f;
    private const float Widest = 1.4f;
    private const float SquareShare = 0.25f; // of the digits, that are made as wide as high, as in narrow forms
    private const float MinPen = 0.55f; // half the width of a stroke, in pixels of the box
    private const float MaxPen = 2.3f;
    private const float HookShare = 0.2f; // of the strokes, that end in a little hook; half as many begin with one
    private const float HookLength = 12;
    private const int StepsASegment = 4;

    private const int Side = MnistBox.Side;

    private readonly List<PenPoint> _controls = [];
    private readonly List<(float X, float Y, bool Begins)> _way = [];

    /// <summary>Draws a digit in one of the ways people write it.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="box">Receives <see cref="MnistBox.Side"/> squared numbers in 0..1.</param>
    public void Digit(int digit, ref RandomStream random, Span<float> box)
    {
        var ways = Skeletons.Of(digit);
        _way.Clear();
        foreach (var stroke in ways[random.Below(ways.Length)])
        {
            var (shiftX, shiftY) = (random.Within(StrokeShift), random.Within(StrokeShift));
            _controls.Clear();
            foreach (var point in stroke)
            {
                _controls.Add(new PenPoint(
                    point.X + shiftX + Around(Jitter, ref random), point.Y + shiftY + Around(Jitter, ref random), point.IsCorner));
            }
            if (random.Uniform() < HookShare / 2)
                _controls.Insert(0, Hook(_controls[0], ref random));
            if (random.Uniform() < HookShare)
                _controls.Add(Hook(_controls[^1], ref random));
            Follow();
        }
        Lean(ref random);
        Draw(Pen(ref random), ref random, box);
    }

    /// <summary>Draws what is no digit: a scribble, a dot, a dash, dirt.</summary>
    public void NoDigit(ref RandomStream random, Span<float> box)
    {
        _way.Clear();
        var strokes = 1 + random.Below(4);
        for (var stroke = 0; stroke < strokes; stroke++)
        {
            _controls.Clear();
            var points = 2 + random.Below(9);
            for (var point = 0; point < points; point++)
                _controls.Add(new PenPoint(random.Uniform() * 100, random.Uniform() * 100, random.Below(2) == 0));
            Follow();
        }
        Draw(Pen(ref random), ref random, box);
        if (random.Below(3) != 0)
            return;
        foreach (ref var pixel in box)
            pixel = random.Uniform();
    }

    private static PenPoint Hook(PenPoint at, ref RandomStream random) =>
        new(at.X + random.Within(HookLength), at.Y + random.Within(HookLength), false);

    /// <summary>Like Within, but small numbers are likelier than large ones.</summary>
    private static float Around(float limit, ref RandomStream random) => random.Within(limit) + random.Within(limit);

    private static float Pen(ref RandomStream random)
    {
        var share = random.Uniform();
        return MinPen + (MaxPen - MinPen) * share * share;
    }

    /// <summary>Adds the stroke's way: straight between corners, else a Catmull-Rom spline through the points.</summary>
    private void Follow()
    {
        for (var i = 0; i + 1 < _controls.Count; i++)
        {
            PenPoint from = _controls[i], to = _controls[i + 1];
            var before = i == 0 || from.IsCorner ? from : _controls[i - 1];
            var after = i + 2 == _controls.Count || to.IsCorner ? to : _controls[i + 2];
            if (i == 0)
                _way.Add((from.X, from.Y, true));
            for (var step = 1; step <= StepsASegment; step++)
            {
                var t = step / (float)StepsASegment;
                _way.Add((CatmullRom(before.X, from.X, to.X, after.X, t), CatmullRom(before.Y, from.Y, to.Y, after.Y, t), false));
            }
        }
    }

    private static float CatmullRom(float p0, float p1, float p2, float p3, float t) =>
        p1 + 0.5f * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));

    /// <summary>Bends, widens, slants and turns the whole.</summary>
    private void Lean(ref RandomStream random)
    {
        var angle = random.Within(Rotation);
        var slant = MinSlant + (MaxSlant - MinSlant) * random.Uniform();
        var width = Narrowest + (Widest - Narrowest) * random.Uniform();
        if (random.Uniform() < SquareShare)
            width *= 1.7f;
        float cos = MathF.Cos(angle), sin = MathF.Sin(angle);
        float bendX = random.Within(Bend), phaseX = random.Within(MathF.PI), bendY = random.Within(Bend), phaseY = random.Within(MathF.PI);
        for (var i = 0; i < _way.Count; i++)
        {
            var (x, y, begins) = _way[i];
            (x, y) = (x + bendX * MathF.Sin(y * 0.05f + phaseX), y + bendY * MathF.Sin(x * 0.05f + phaseY));
            x = x * width - slant * y;
            _way[i] = (cos * x - sin * y, sin * x + cos * y, begins);
        }
    }

    /// <summary>Fits the way into the box and inks it.</summary>
    private void Draw(float pen, ref RandomStream random, Span<float> box)
    {
        float left = float.MaxValue, right = float.MinValue, top = float.MaxValue, bottom = float.MinValue;
        foreach (var (x, y, _) in _way)
        {
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }
        var scale = (Side - 2 * pen) / Math.Max(Math.Max(right - left, bottom - top), 1);
        float middleX = (left + right) / 2, middleY = (top + bottom) / 2;
        box.Clear();
        var pressure = random.Within(0.25f * pen); // the pen's width changes along the way
        for (var i = 1; i < _way.Count; i++)
        {
            if (_way[i].Begins)
                continue;
            var half = pen + pressure * MathF.Sin(i * 0.3f);
            Ink(
                Side / 2f + (_way[i - 1].X - middleX) * scale, Side / 2f + (_way[i - 1].Y - middleY) * scale,
                Side / 2f + (_way[i].X - middleX) * scale, Side / 2f + (_way[i].Y - middleY) * scale, half, box);
        }
    }

    /// <summary>Inks one straight piece: full within the pen's half width, fading over the pixel at its edge.</summary>
    private static void Ink(float x0, float y0, float x1, float y1, float half, Span<float> box)
    {
        var reach = half + 0.5f;
        int left = Math.Max(0, (int)(Math.Min(x0, x1) - reach)), right = Math.Min(Side - 1, (int)(Math.Max(x0, x1) + reach));
        int top = Math.Max(0, (int)(Math.Min(y0, y1) - reach)), bottom = Math.Min(Side - 1, (int)(Math.Max(y0, y1) + reach));
        float dx = x1 - x0, dy = y1 - y0;
        var perLength = 1 / Math.Max(dx * dx + dy * dy, 1e-6f);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                float px = column + 0.5f - x0, py = row + 0.5f - y0;
                var along = Math.Clamp((px * dx + py * dy) * perLength, 0, 1);
                float offX = px - along * dx, offY = py - along * dy;
                var ink = Math.Min(reach - MathF.Sqrt(offX * offX + offY * offY), 1);
                ref var pixel = ref box[row * Side + column];
                pixel = Math.Max(pixel, ink);
            }
        }
    }
}
