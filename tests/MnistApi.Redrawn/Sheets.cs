using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>What is printed on paper, or happens to it before it is photographed or scanned.</summary>
internal static class Sheets
{
    public static Scene Ruled(this Scene scene, bool isSquared = false, float coarsest = 0.45f, float finest = 0.2f, float dark = 0.35f)
    {
        var (spacing, slant, width) = (scene.Box.Height * scene.Between(finest, coarsest), scene.Between(-0.03f, 0.03f), scene.Between(1, 2));
        var (down, across, colour) = (scene.Between(0, spacing), scene.Between(0, spacing), scene.OneOf<Vector3>(new(0.45f, 0.55f, 0.8f), new(0.5f, 0.5f, 0.5f), new(0.8f, 0.5f, 0.5f)));
        var share = scene.Between(dark / 2, dark) / 0.35f;
        return scene.Each((x, y, light) =>
        {
            var line = Math.Clamp(width / 2 + 0.5f - FromLine(y + slant * x - down, spacing), 0, 1);
            if (isSquared)
                line = Math.Max(line, Math.Clamp(width / 2 + 0.5f - FromLine(x - slant * y - across, spacing), 0, 1));
            return Vector3.Lerp(light, light * colour, Math.Min(1, line * share));
        });
    }

    /// <summary>A form's field around the digit; with a negative margin the digit touches and crosses it.</summary>
    public static Scene Boxed(this Scene scene, float margin, Func<float, bool>? isGap = null)
    {
        var (width, dark) = (scene.Between(1, Math.Max(1.5f, scene.Box.Height / 60)), Colours.Grey(scene.Between(0.1f, 0.45f)));
        var (left, top) = (scene.Box.Left - margin - scene.Pen / 2, scene.Box.Top - margin - scene.Pen / 2);
        var (right, bottom) = (scene.Box.Left + scene.Box.Width + margin + scene.Pen / 2, scene.Box.Top + scene.Box.Height + margin + scene.Pen / 2);
        return scene.Within(left - width, top - width, right + width + 1, bottom + width + 1, (x, y, light) =>
        {
            var (fromSide, fromTop) = (Math.Min(Math.Abs(x - left), Math.Abs(x - right)), Math.Min(Math.Abs(y - top), Math.Abs(y - bottom)));
            var isOn = (fromSide <= width / 2 && isGap?.Invoke(y) != true) || (fromTop <= width / 2 && isGap?.Invoke(x) != true);
            return isOn ? dark : light;
        });
    }

    /// <summary>A row of fields open at the top, as forms have for numbers; the digit stands in one.</summary>
    public static Scene Comb(this Scene scene)
    {
        var (line, width, half) = (scene.Box.Top + scene.Box.Height + scene.Pen / 2 + scene.Between(-2, 8), scene.Between(1, 2), scene.Box.Height * scene.Between(0.5f, 0.7f));
        var (middle, dark, tooth) = (scene.Box.Left + scene.Box.Width / 2, Colours.Grey(scene.Between(0.1f, 0.4f)), scene.Box.Height * scene.Between(0.2f, 0.5f));
        var fields = scene.Random.Next(2, 4);
        if (fields % 2 == 0)
            middle += half;
        scene.Line(new Vector2(middle - half * fields, line), new Vector2(middle + half * fields, line), width, dark);
        for (var field = -fields; field <= fields; field += 2)
            scene.Line(new Vector2(middle + half * field, line), new Vector2(middle + half * field, line - tooth), width, dark);
        return scene;
    }

    public static Scene Underlined(this Scene scene)
    {
        var (y, more) = (scene.Box.Top + scene.Box.Height + scene.Pen + scene.Box.Height * scene.Between(0.05f, 0.15f), scene.Box.Height * scene.Between(0, 0.3f));
        return scene.Line(new Vector2(scene.Box.Left - more, y), new Vector2(scene.Box.Left + scene.Box.Width + more, y + scene.Box.Height * scene.Between(-0.05f, 0.05f)), scene.Pen * scene.Between(0.7f, 1), Vector3.Lerp(scene.Pixels[0], scene.Ink, scene.Opacity));
    }

    public static Scene Circled(this Scene scene)
    {
        var (radius, stretch) = (scene.Box.Height * scene.Between(0.75f, 0.9f) + scene.Pen, scene.Between(0.9f, 1.1f));
        var middle = new Vector2(scene.Box.Left + scene.Box.Width / 2, scene.Box.Top + scene.Box.Height / 2);
        for (var part = 0; part < 62; part++)
            scene.Line(On(part), On(part + 1), scene.Pen * 0.8f, scene.Ink);
        return scene;

        Vector2 On(int part) => middle + radius * (1 + part * 0.0008f) * new Vector2(MathF.Cos(part * 0.1f) * stretch, MathF.Sin(part * 0.1f));
    }

    /// <summary>Rows of small upright strokes, joined here and there, as print looks from afar, below the digit or above it.</summary>
    public static Scene Print(this Scene scene, int rows, float dark = 0.25f, bool isBelow = true)
    {
        var letter = Math.Max(5, scene.Box.Height * scene.Between(0.06f, 0.11f));
        for (var row = 0; row < rows; row++)
        {
            var top = isBelow ? scene.Box.Top + scene.Box.Height + scene.Pen + letter * (1 + 1.8f * row) : scene.Box.Top - scene.Pen - letter * (2 + 1.8f * row);
            for (var x = scene.Box.Height * 0.1f; x < scene.Width * 0.9f; x += letter * 0.8f)
            {
                if (scene.Chance(0.15f))
                    continue;
                scene.Line(new Vector2(x, top), new Vector2(x, top + letter), letter * 0.15f, Colours.Grey(dark));
                if (scene.Chance(0.6f))
                    scene.Line(new Vector2(x, top + letter * scene.OneOf(0, 0.5f, 1)), new Vector2(x + letter * 0.45f, top + letter * scene.OneOf(0, 0.5f, 1)), letter * 0.15f, Colours.Grey(dark));
            }
        }
        return scene;
    }

    /// <summary>A fold: a thin darker line, and less light beyond it.</summary>
    public static Scene Creased(this Scene scene)
    {
        var (turn, dark, beyond) = (scene.Between(0, MathF.PI), scene.Between(0.08f, 0.3f), scene.Between(0.9f, 0.98f));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var through = new Vector2(scene.Box.Left + scene.Box.Width * scene.Between(-0.2f, 1.2f), scene.Box.Top + scene.Box.Height * scene.Between(0, 1));
        return scene.Lit((x, y) =>
        {
            var from = Vector2.Dot(new Vector2(x, y) - through, across);
            return (1 - dark * Math.Max(0, 1 - Math.Abs(from) / 2)) * Math.Clamp(0.5f - from / 2, 0, 1) * (1 - beyond) + (1 - dark * Math.Max(0, 1 - Math.Abs(from) / 2)) * beyond;
        });
    }

    /// <summary>Flat pieces between folds, each with its own slope to the lamp.</summary>
    public static Scene Crumpled(this Scene scene)
    {
        var middles = Enumerable.Range(0, 14).Select(_ => (At: new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height)), Light: scene.Between(0.75f, 1), Slope: new Vector2(scene.Between(-0.1f, 0.1f), scene.Between(-0.1f, 0.1f)))).ToArray();
        return scene.Lit((x, y) =>
        {
            var at = new Vector2(x, y);
            var nearest = middles.MinBy(middle => Vector2.DistanceSquared(middle.At, at));
            return nearest.Light + Vector2.Dot(nearest.Slope, (at - nearest.At) / scene.Box.Height);
        });
    }

    /// <summary>What stands on the sheet's back, or on the next one, shows through.</summary>
    public static Scene ShowsThrough(this Scene scene, float dark)
    {
        for (var line = 0; line < 8; line++)
        {
            var from = new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height));
            for (var piece = 0; piece < 5; piece++)
            {
                var to = from + scene.Box.Height * new Vector2(scene.Between(-0.3f, 0.3f), scene.Between(-0.3f, 0.3f));
                scene.Line(from, to, scene.Pen, Vector3.Lerp(scene.Pixels[0], Colours.Black, dark));
                from = to;
            }
        }
        return scene;
    }

    /// <summary>An office's stamp, round and thin, in a lighter ink.</summary>
    public static Scene Stamped(this Scene scene)
    {
        var (radius, ink) = (scene.Box.Height * scene.Between(0.5f, 0.8f), Vector3.Lerp(scene.OneOf<Vector3>(new(0.75f, 0.25f, 0.3f), new(0.35f, 0.35f, 0.75f)), Colours.White, scene.Between(0.2f, 0.45f)));
        var middle = new Vector2(scene.Box.Left + scene.Box.Width * scene.Between(0, 1), scene.Box.Top + scene.Box.Height * scene.Between(0, 1));
        foreach (var share in new[] { 1, 0.7f })
        {
            for (var part = 0; part < 40; part++)
                scene.Line(middle + radius * share * On(part), middle + radius * share * On(part + 1), Math.Max(1, scene.Pen * 0.25f), ink);
        }
        return scene;

        static Vector2 On(int part) => new(MathF.Cos(part * MathF.Tau / 40), MathF.Sin(part * MathF.Tau / 40));
    }

    public static Scene Highlighted(this Scene scene)
    {
        var colour = scene.OneOf<Vector3>(new(1, 1, 0.35f), new(0.6f, 1, 0.6f), new(1, 0.65f, 0.8f));
        var (top, bottom) = (scene.Box.Top - scene.Box.Height * scene.Between(-0.3f, 0.3f), scene.Box.Top + scene.Box.Height * scene.Between(0.7f, 1.3f));
        var (left, right) = scene.Chance(0.5f) ? (0, scene.Width) : (scene.Box.Left - scene.Box.Height * 0.3f, scene.Box.Left + scene.Box.Width + scene.Box.Height * 0.3f);
        return scene.Within(left, top, right, bottom, (_, _, light) => light * colour);
    }

    public static Scene Holes(this Scene scene)
    {
        foreach (var share in new[] { 0.25f, 0.75f })
        {
            var (middle, radius) = (new Vector2(scene.Width * 0.05f, scene.Height * share), scene.Width * 0.025f);
            scene.Each((x, y, light) => Vector2.Distance(new Vector2(x, y), middle) < radius ? Colours.Grey(0.2f) : light);
        }
        return scene;
    }

    /// <summary>A coffee cup's ring.</summary>
    public static Scene CoffeeRing(this Scene scene)
    {
        var (radius, middle) = (scene.Box.Height * scene.Between(0.6f, 0.9f), new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height)));
        return scene.Each((x, y, light) => light * Vector3.Lerp(Colours.White, new Vector3(0.8f, 0.68f, 0.52f), Math.Clamp(1.5f - Math.Abs(Vector2.Distance(new Vector2(x, y), middle) - radius) / (scene.Box.Height * 0.03f), 0, 1)));
    }

    private static float FromLine(float at, float spacing)
    {
        var rest = at - MathF.Floor(at / spacing) * spacing;
        return Math.Min(rest, spacing - rest);
    }
}
