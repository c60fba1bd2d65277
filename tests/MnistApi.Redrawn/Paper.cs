using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>Papers and inks, lines and specks on them, and the light that falls on them.</summary>
internal static class Paper
{
    public static float Luma(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.299f, 0.587f, 0.114f));

    /// <summary>White paper by some lamp.</summary>
    public static Vector3 Light(this Scene scene) =>
        scene.Between(0.72f, 0.95f) * new Vector3(1, scene.Between(0.94f, 1), scene.Between(0.85f, 1));

    /// <summary>Black, blue, red or green.</summary>
    public static Vector3 PenInk(this Scene scene) => scene.OneOf<Vector3>(
        new(0.1f, 0.1f, 0.12f), new(0.12f, 0.18f, 0.55f), new(0.1f, 0.1f, 0.35f), new(0.7f, 0.1f, 0.12f), new(0.1f, 0.38f, 0.18f));

    public static Vector3 Pencil(this Scene scene) => new(scene.Between(0.35f, 0.5f));

    /// <summary>Lines from edge to edge, a little askew.</summary>
    public static Scene Ruled(this Scene scene, bool isSquared = false, float dark = 0.35f)
    {
        var (spacing, slant, width) = (scene.Box.Height * scene.Between(0.2f, 0.45f), scene.Between(-0.03f, 0.03f), scene.Between(1, 2));
        var (down, across) = (scene.Between(0, spacing), scene.Between(0, spacing));
        var colour = scene.OneOf<Vector3>(new(0.45f, 0.55f, 0.8f), new(0.5f, 0.5f, 0.5f), new(0.8f, 0.5f, 0.5f));
        var share = scene.Between(dark / 2, dark) / 0.35f;
        return scene.Each((x, y, light) =>
        {
            var line = Line(y + slant * x - down);
            if (isSquared)
                line = Math.Max(line, Line(x - slant * y - across));
            return Vector3.Lerp(light, light * colour, Math.Min(1, line * share));
        });

        float Line(float at)
        {
            var rest = at - MathF.Floor(at / spacing) * spacing;
            return Math.Clamp(width / 2 + 0.5f - Math.Min(rest, spacing - rest), 0, 1);
        }
    }

    public static Scene Specks(this Scene scene, int max)
    {
        for (var left = scene.Random.Next(max / 3, max); left > 0; left--)
        {
            var at = new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height));
            var to = at + new Vector2(scene.Between(0, 2), scene.Between(0, 2));
            var (radius, colour) = (scene.Between(0.25f, 1.25f), new Vector3(scene.Between(0, 0.3f)));
            scene.Each((x, y, light) => Vector3.Lerp(light, colour, Scene.Cover(new Vector2(x, y), at, to, radius)));
        }
        return scene;
    }

    /// <summary>Falls off from one side to the other.</summary>
    public static Scene UnevenLight(this Scene scene)
    {
        var (turn, fall) = (scene.Between(0, MathF.Tau), scene.Between(0.1f, 0.45f));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var span = Math.Abs(across.X) * scene.Width + Math.Abs(across.Y) * scene.Height;
        var middle = new Vector2(scene.Width, scene.Height) / 2;
        return scene.Each((x, y, light) => light * (1 - fall * (0.5f + Vector2.Dot(new Vector2(x, y) - middle, across) / span)));
    }

    /// <summary>A shadow over a part of the picture, beyond a line through or near the digit.</summary>
    public static Scene Shadow(this Scene scene, float softness)
    {
        var (turn, depth) = (scene.Between(0, MathF.Tau), scene.Between(0.25f, 0.6f));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var (left, top, width, height) = scene.Box;
        var through = new Vector2(left + width * scene.Between(-0.2f, 1.2f), top + height * scene.Between(-0.2f, 1.2f));
        return scene.Each((x, y, light) =>
            light * (1 - depth * Math.Clamp(Vector2.Dot(new Vector2(x, y) - through, across) / softness + 0.5f, 0, 1)));
    }
}
