using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>Pictures to which several things happened, each by chance.</summary>
internal static class Mixed
{
    public static byte[] Canvas(Scene scene)
    {
        var isInverted = scene.Chance(0.3f);
        scene.Canvas(isInverted ? Colours.Black : scene.Chance(0.6f) ? Colours.White : null, isInverted ? Colours.White : scene.Chance(0.6f) ? Colours.Black : null);
        if (Math.Abs(Colours.Luma(scene.Ink) - Colours.Luma(scene.Pixels[0])) < 0.35f)
            scene.With(scene.Pen, Colours.Luma(scene.Pixels[0]) > 0.5f ? Colours.Black : Colours.White);
        scene.Wider(scene.OneOf(0.02f, 0.05f, 0.08f, 0.12f, 0.18f));
        Perhaps(scene, 0.15f, () => scene.Guides(scene.Chance(0.5f)), () => scene.Gradient(Vector3.Lerp(scene.Pixels[0], scene.Ink, 0.3f)));
        Perhaps(scene, 0.2f, () => scene.Toolbar(), () => scene.Caption(0.6f));
        scene.Write(opacity: scene.OneOf(1, 1, 0.7f), pressure: scene.OneOf(0, 0, 0.5f), isHard: scene.Chance(0.25f));
        Perhaps(scene, 0.15f, () => scene.OnPage(scene.OneOf(Colours.White, Colours.Grey(0.2f))));
        Perhaps(scene, 0.2f, () => scene.Scaled(scene.Between(0.12f, 0.4f)));
        Perhaps(scene, 0.2f, () => scene.Jpeg(scene.Random.Next(30, 80)));
        return scene.Png();
    }

    public static byte[] Tablet(Scene scene)
    {
        scene.Tablet();
        Perhaps(scene, 0.4f, () => scene.Ruled(dark: 0.3f), () => scene.Ruled(isSquared: true, dark: 0.25f), () => scene.Guides(areDots: true));
        Perhaps(scene, 0.15f, () => scene.Caption(0.5f), () => scene.Toolbar());
        scene.Write(opacity: scene.OneOf(1, 1, 0.5f), pressure: scene.OneOf(0, 0.5f, 0.8f), isHard: scene.Chance(0.2f));
        Perhaps(scene, 0.1f, () => scene.Underlined());
        Perhaps(scene, 0.3f, () => scene.Scaled(scene.Between(0.15f, 0.5f)));
        Perhaps(scene, 0.15f, () => scene.Jpeg(scene.Random.Next(30, 80)));
        return scene.Png();
    }

    public static byte[] Photograph(Scene scene)
    {
        scene.Sheet(scene.Chance(0.25f) ? scene.ColouredPaper() : null, scene.Chance(0.2f) ? scene.Pencil() : null, highest: 0.55f);
        scene.Wider(scene.OneOf(0.02f, 0.035f, 0.05f, 0.08f, 0.12f));
        Perhaps(scene, 0.4f, () => scene.Ruled(), () => scene.Ruled(isSquared: true), () => scene.Ruled(isSquared: true, coarsest: 0.2f, finest: 0.12f));
        Perhaps(scene, 0.2f, () => scene.Print(2), () => scene.Print(1, isBelow: false), () => scene.CoffeeRing(), () => scene.ShowsThrough(0.12f), () => scene.Boxed(scene.Between(2, 15)));
        scene.Write();
        Perhaps(scene, 0.25f, () => scene.Creased(), () => scene.Crumpled(), () => scene.Highlighted(), () => scene.Underlined());
        Perhaps(scene, 0.4f, () => scene.OnTable(), () => scene.OnTable(perspective: 0.3f), () => scene.BesideTable(), () => scene.Thing(), () => scene.Finger());
        Perhaps(scene, 0.7f, () => scene.UnevenLight(), () => scene.UnevenLight(), () => scene.Shadow(scene.Between(2, 60)), () => scene.ShadowBand(), () => scene.Pool(0.2f, 0.6f), () => scene.Glare());
        return scene.Photograph();
    }

    public static byte[] Scan(Scene scene)
    {
        scene.Scanned(scene.Chance(0.4f) ? scene.PenInk() : null, highest: 0.6f);
        Perhaps(scene, 0.35f, () => scene.Boxed(scene.Between(-4, 15)), () => scene.Comb(), () => scene.Ruled(), () => scene.Ruled(isSquared: true), () => scene.Print(2));
        Perhaps(scene, 0.2f, () => scene.ShowsThrough(0.12f), () => scene.Stamped(), () => scene.Creased());
        scene.Write();
        Perhaps(scene, 0.3f, () => scene.Specks(40), () => scene.Underlined(), () => scene.Holes(), () => scene.Neighbour());
        Perhaps(scene, 0.25f, () => scene.DarkEdges());
        scene.Grain(scene.Between(0, 0.03f));
        Perhaps(scene, 0.5f, () => scene.Grey(), () => scene.Grey().Dithered(), () => scene.OneBit(), () => scene.Jpeg(scene.Random.Next(15, 70)), () => scene.Copied(), () => scene.Scaled(scene.Between(0.15f, 0.5f)));
        return scene.Png();
    }

    /// <summary>One of these, so often.</summary>
    private static void Perhaps(Scene scene, float share, params Action[] ways)
    {
        if (scene.Chance(share))
            scene.OneOf(ways)();
    }
}
