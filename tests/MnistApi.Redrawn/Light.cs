using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>What lamps, the sun and what stands in their way do to a photograph.</summary>
internal static class Light
{
    /// <summary>Falls off from one side to the other.</summary>
    public static Scene UnevenLight(this Scene scene, float most = 0.45f)
    {
        var (turn, fall) = (scene.Between(0, MathF.Tau), scene.Between(0.1f, most));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var span = Math.Abs(across.X) * scene.Width + Math.Abs(across.Y) * scene.Height;
        return scene.Lit((x, y) => 1 - fall * (0.5f + Vector2.Dot(new Vector2(x - scene.Width / 2f, y - scene.Height / 2f), across) / span));
    }

    /// <summary>A shadow over a part of the picture, beyond a straight line through or near the digit.</summary>
    public static Scene Shadow(this Scene scene, float softness)
    {
        var (turn, depth, wave) = (scene.Between(0, MathF.Tau), scene.Between(0.25f, 0.6f), scene.Between(0, 0.15f));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var through = InDigit(scene, 0.2f);
        return scene.Lit((x, y) =>
        {
            var beyond = Vector2.Dot(new Vector2(x, y) - through, across) + wave * scene.Box.Height * MathF.Sin((x * across.Y - y * across.X) / scene.Box.Height * 2);
            return 1 - depth * Math.Clamp(beyond / softness + 0.5f, 0, 1);
        });
    }

    /// <summary>A shadow with two edges: of an arm, a pole, a telephone's corner.</summary>
    public static Scene ShadowBand(this Scene scene)
    {
        var (turn, depth, half, softness) = (scene.Between(0, MathF.Tau), scene.Between(0.25f, 0.5f), scene.Box.Height * scene.Between(0.15f, 0.6f), scene.Between(1, 12));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        var through = InDigit(scene, 0.4f);
        return scene.Lit((x, y) => 1 - depth * Math.Clamp((half - Math.Abs(Vector2.Dot(new Vector2(x, y) - through, across))) / softness + 0.5f, 0, 1));
    }

    /// <summary>The stripes of window blinds.</summary>
    public static Scene Blinds(this Scene scene)
    {
        var (turn, depth, period) = (scene.Between(0.8f, 2.3f), scene.Between(0.25f, 0.45f), scene.Box.Height * scene.Between(0.3f, 0.6f));
        var across = new Vector2(MathF.Cos(turn), MathF.Sin(turn));
        return scene.Lit((x, y) => 1 - depth * Math.Clamp(0.5f + 2 * MathF.Sin(Vector2.Dot(new Vector2(x, y), across) / period * MathF.Tau), 0, 1));
    }

    /// <summary>A pool of light near the digit; around it is less.</summary>
    public static Scene Pool(this Scene scene, float least, float most)
    {
        var (dim, radius, middle) = (1 - scene.Between(least, most), Math.Max(scene.Width, scene.Height) * scene.Between(0.25f, 0.5f), InDigit(scene, 0.5f));
        return scene.Lit((x, y) => dim + (1 - dim) * MathF.Exp(-Vector2.DistanceSquared(new Vector2(x, y), middle) / (2 * radius * radius)));
    }

    /// <summary>A lamp's reflection on something smooth.</summary>
    public static Scene Glare(this Scene scene)
    {
        var (radius, middle) = (scene.Box.Height * scene.Between(0.2f, 0.5f), InDigit(scene, 0.8f));
        return scene.Each((x, y, light) => Vector3.Lerp(light, Colours.White, 0.45f * MathF.Exp(-Vector2.DistanceSquared(new Vector2(x, y), middle) / (2 * radius * radius))));
    }

    public static Scene Lit(this Scene scene, Func<float, float, float> share) => scene.Each((x, y, light) => light * share(x, y));

    private static Vector2 InDigit(Scene scene, float beyond) => new(
        scene.Box.Left + scene.Box.Width * scene.Between(-beyond, 1 + beyond), scene.Box.Top + scene.Box.Height * scene.Between(-beyond, 1 + beyond));
}
