using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>What lies around and beside the sheet, and from where the camera looks at it.</summary>
internal static class Tables
{
    /// <summary>The sheet, as it is, lies on a table: turned a little, seen from a side where asked for.</summary>
    public static Scene OnTable(this Scene scene, float perspective = 0, float most = 1.7f, Vector3? table = null, bool isCheckered = false)
    {
        var (share, turn) = (scene.Between(1.25f, most), scene.Between(-0.2f, 0.2f));
        var (width, height) = ((int)(scene.Width * share), (int)(scene.Height * share));
        var (tiltX, tiltY) = (scene.Between(-perspective, perspective) / scene.Width, scene.Between(-perspective, perspective) / scene.Height);
        var (sin, cos, sheet) = (MathF.Sin(turn), MathF.Cos(turn), new Vector2(scene.Width, scene.Height) / 2);
        var middle = new Vector2(width * scene.Between(0.48f, 0.52f), height * scene.Between(0.48f, 0.52f));
        var outside = isCheckered ? Checkered(scene) : Wood(scene, table ?? scene.Table());
        scene.Warp(width, height, (x, y) =>
        {
            var from = new Vector2(x, y) - middle;
            from /= 1 + tiltX * from.X + tiltY * from.Y;
            return sheet + new Vector2(cos * from.X + sin * from.Y, cos * from.Y - sin * from.X);
        }, outside);
        return scene.PlaceAt(scene.Box.Left + middle.X - sheet.X, scene.Box.Top + middle.Y - sheet.Y, scene.Box.Height);
    }

    /// <summary>The sheet's edge, and the table beyond it, run through the picture, beside the digit.</summary>
    public static Scene BesideTable(this Scene scene)
    {
        var (side, slant, wood) = (scene.Random.Next(4), scene.Between(-0.08f, 0.08f), Wood(scene, scene.Table()));
        var room = side switch
        {
            0 => scene.Box.Left,
            1 => scene.Width - scene.Box.Left - scene.Box.Width,
            2 => scene.Box.Top,
            _ => scene.Height - scene.Box.Top - scene.Box.Height,
        };
        var depth = Math.Max(4, room - scene.Pen - 6) * scene.Between(0.3f, 0.85f);
        return scene.Each((x, y, light) =>
        {
            var from = side switch
            {
                0 => x + slant * (y - scene.Height / 2f),
                1 => scene.Width - x + slant * (y - scene.Height / 2f),
                2 => y + slant * (x - scene.Width / 2f),
                _ => scene.Height - y + slant * (x - scene.Width / 2f),
            };
            return from < depth ? wood(x, y) : light;
        });
    }

    /// <summary>A coin, an eraser or the like on the sheet, not on the digit.</summary>
    public static Scene Thing(this Scene scene)
    {
        var (radius, colour) = (scene.Box.Height * scene.Between(0.12f, 0.22f), scene.OneOf<Vector3>(new(0.65f, 0.5f, 0.3f), new(0.6f, 0.6f, 0.62f), new(0.75f, 0.3f, 0.3f), new(0.3f, 0.35f, 0.6f)));
        var (isRound, isRight) = (scene.Chance(0.5f), scene.Width - scene.Box.Left - scene.Box.Width > scene.Box.Left);
        var middle = new Vector2(isRight ? scene.Box.Left + scene.Box.Width + scene.Pen + radius * 1.5f : scene.Box.Left - scene.Pen - radius * 1.5f, scene.Box.Top + scene.Box.Height * scene.Between(0, 1));
        return scene.Each((x, y, light) =>
        {
            var from = Vector2.Abs(new Vector2(x, y) - middle);
            return (isRound ? from.Length() : Math.Max(from.X, from.Y * 1.6f)) < radius ? colour * (1 - 0.3f * (y - middle.Y) / radius) : light;
        });
    }

    /// <summary>Somebody's finger holds the sheet.</summary>
    public static Scene Finger(this Scene scene)
    {
        var (width, skin) = (scene.Width * scene.Between(0.08f, 0.12f), new Vector3(0.8f, 0.58f, 0.47f) * scene.Between(0.6f, 1));
        var isLeft = scene.Box.Left > scene.Width - scene.Box.Left - scene.Box.Width;
        var tip = new Vector2(isLeft ? Math.Max(0, scene.Box.Left - scene.Pen - width) * 0.7f : scene.Width - Math.Max(0, scene.Width - scene.Box.Left - scene.Box.Width - scene.Pen - width) * 0.7f, scene.Height * scene.Between(0.4f, 0.95f));
        return scene.Each((x, y, light) =>
        {
            var from = new Vector2(isLeft ? Math.Max(0, x - tip.X) : Math.Max(0, tip.X - x), y - tip.Y).Length();
            return from < width ? skin * (1 - 0.35f * MathF.Pow(from / width, 4)) : light;
        });
    }

    private static Func<float, float, Vector3> Wood(Scene scene, Vector3 colour)
    {
        var (turn, waves) = (scene.Between(0, MathF.Tau), Enumerable.Range(0, 4).Select(_ => (Period: scene.Between(4, 40), Phase: scene.Between(0, 6), Strength: scene.Between(0, 0.07f))).ToArray());
        return (x, y) =>
        {
            var across = x * MathF.Cos(turn) + y * MathF.Sin(turn) + 3 * MathF.Sin((x - y) / 60);
            return colour * (1 + waves.Sum(wave => wave.Strength * MathF.Sin(across / wave.Period + wave.Phase)));
        };
    }

    private static Func<float, float, Vector3> Checkered(Scene scene)
    {
        var (cell, light, dark) = (scene.Between(14, 40), Colours.Grey(scene.Between(0.7f, 0.9f)), scene.OneOf<Vector3>(new(0.6f, 0.15f, 0.15f), new(0.15f, 0.2f, 0.5f), new(0.2f, 0.2f, 0.2f)));
        return (x, y) => ((int)(x / cell) + (int)(y / cell)) % 2 == 0 ? light : dark;
    }
}
