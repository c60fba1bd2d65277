using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>The kinds of pictures, by name: what people draw on screens, write on tablets, photograph and scan.</summary>
internal static class Kinds
{
    private static readonly Vector3 s_white = Vector3.One, s_black = Vector3.Zero, s_blue = new(0.2f, 0.3f, 0.9f);

    public static SortedDictionary<string, Func<Scene, byte[]>> All { get; } = new(StringComparer.Ordinal)
    {
        ["canvas-plain"] = scene => scene.Canvas(s_white, s_black).Write().Png(),
        ["canvas-inverted"] = scene => scene.Canvas(s_black, s_white).Write().Png(),
        ["canvas-colours"] = scene => scene.Canvas().Write().Png(),
        ["canvas-transparent"] = scene => scene.Canvas(s_white, scene.OneOf(s_white, s_black, s_blue)).Write().TransparentPng(),
        ["canvas-hard-edges"] = scene => scene.Canvas(s_white, s_black).Write(isHard: true).Png(),
        ["canvas-small"] = scene => scene.Canvas(s_white, s_black).Write().Scaled(scene.Between(0.1f, 0.2f)).Png(),
        ["canvas-tight"] = scene => scene.Canvas(s_white, s_black).Write().Tight().Png(),
        ["canvas-marker"] = scene => scene.Canvas(s_white, s_black).Wider(scene.Between(0.16f, 0.22f)).Write().Png(),
        ["canvas-hairline"] = scene => scene.Canvas(s_white, s_black).Wider(0.008f).Write().Png(),
        ["canvas-jpeg"] = scene => scene.Canvas().Write().Jpeg(scene.Random.Next(15, 40)).Png(),

        ["tablet-plain"] = scene => scene.Tablet().Write().Png(),
        ["tablet-pressure"] = scene => scene.Tablet().Wider(0.05f).Write(pressure: 0.8f).Png(),
        ["tablet-ruled"] = scene => scene.Tablet().Ruled(dark: 0.3f).Write().Png(),
        ["tablet-squared"] = scene => scene.Tablet().Ruled(isSquared: true, dark: 0.25f).Write().Png(),
        ["tablet-faint"] = scene => scene.Tablet().Write(opacity: 0.3f).Png(),

        ["photo-plain"] = scene => scene.Sheet().Write().UnevenLight().Photograph(),
        ["photo-pencil"] = scene => scene.Sheet(ink: scene.Pencil()).Write(opacity: 0.8f).UnevenLight().Photograph(),
        ["photo-marker"] = scene => scene.Sheet().Wider(scene.Between(0.1f, 0.18f)).Write().UnevenLight().Photograph(),
        ["photo-small"] = scene => scene.Sheet(max: 0.25f, min: 0.12f).Write().UnevenLight().Photograph(),
        ["photo-ruled"] = scene => scene.Sheet().Ruled().Write().UnevenLight().Photograph(),
        ["photo-squared"] = scene => scene.Sheet().Ruled(isSquared: true).Write().UnevenLight().Photograph(),
        ["photo-squared-pencil"] = scene => scene.Sheet(ink: scene.Pencil()).Ruled(isSquared: true).Write().UnevenLight().Photograph(),
        ["photo-shadow"] = scene => scene.Sheet().Write().UnevenLight().Shadow(scene.Between(1, 80)).Photograph(),

        ["scan-plain"] = scene => scene.Scanned().Write().Grain(0.01f).Grey().Png(),
        ["scan-colour"] = scene => scene.Scanned(scene.PenInk()).Write().Grain(0.015f).Jpeg(75).Png(),
        ["scan-specks"] = scene => scene.Scanned().Specks(60).Write().Grain(0.01f).Grey().Png(),
        ["scan-few-pixels"] = scene => scene.Scanned().Write().Grain(0.01f).Scaled(scene.Between(0.08f, 0.15f)).Grey().Png(),
        ["scan-ruled"] = scene => scene.Scanned(scene.PenInk()).Ruled().Write().Grain(0.01f).Png(),
        ["scan-squared"] = scene => scene.Scanned(scene.PenInk()).Ruled(isSquared: true).Write().Grain(0.01f).Png(),
        ["scan-squared-grey"] = scene => scene.Scanned().Ruled(isSquared: true, dark: 0.6f).Write().Grey().Png(),
        ["scan-tight"] = scene => scene.Scanned().Write().Grain(0.01f).Grey().Tight(scene.Between(0, 0.08f) * scene.Box.Height).Png(),
    };

    /// <summary>A program's canvas; the digit somewhere on it.</summary>
    private static Scene Canvas(this Scene scene, Vector3? background = null, Vector3? ink = null)
    {
        var side = scene.Random.Next(200, 420);
        var height = side * scene.Between(0.4f, 0.8f);
        return scene.Page(scene.Random.Next(side, side * 3 / 2), side, background ?? new Vector3(0.9f, 0.9f, 0.3f))
            .Place(height, side * 0.06f).With(height * scene.Between(0.05f, 0.13f), ink ?? s_blue);
    }

    private static Scene Tablet(this Scene scene) =>
        scene.Page(scene.Random.Next(300, 450), scene.Random.Next(300, 450), scene.OneOf(s_white, new Vector3(1, 0.98f, 0.9f)))
            .Place(scene.Between(120, 250), 20).With(scene.Between(1.5f, 5), scene.PenInk());

    private static Scene Sheet(this Scene scene, Vector3? ink = null, float min = 0.3f, float max = 0.7f)
    {
        var side = scene.Random.Next(260, 400);
        var height = side * scene.Between(min, max);
        return scene.Page(scene.Random.Next(side, side * 4 / 3), side, scene.Light()).Place(height, side * 0.08f)
            .With(Math.Max(1.5f, height * scene.Between(0.02f, 0.09f)), ink ?? scene.PenInk());
    }

    /// <summary>Paper on a scanner's glass.</summary>
    private static Scene Scanned(this Scene scene, Vector3? ink = null)
    {
        var side = scene.Random.Next(200, 400);
        var height = side * scene.Between(0.35f, 0.75f);
        return scene.Page(scene.Random.Next(side, side * 4 / 3), side, new Vector3(scene.Between(0.85f, 1))).Place(height, side * 0.1f)
            .With(Math.Max(2, height * scene.Between(0.025f, 0.1f)), ink ?? new Vector3(scene.Between(0.05f, 0.3f)));
    }

    private static Scene Wider(this Scene scene, float share) => scene.With(Math.Max(1, share * scene.Box.Height), scene.Ink);

    public static byte[] Draw(string kind, (int Index, Strokes Strokes) digit, int seed)
    {
        var hash = kind.Aggregate(seed * 100_003 + digit.Index, (hash, letter) => unchecked(hash * 31 + letter));
        return All[kind](new Scene(digit.Strokes, hash));
    }
}
