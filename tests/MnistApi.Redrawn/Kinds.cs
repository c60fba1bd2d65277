using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>The kinds of pictures, by name: what people draw on screens, write on tablets, photograph and scan; "mixed" ones combine at random.</summary>
internal static class Kinds
{
    public static SortedDictionary<string, Func<Scene, byte[]>> All { get; } = new(StringComparer.Ordinal)
    {
        ["canvas-plain"] = scene => scene.Canvas(Colours.White, Colours.Black).Write().Png(),
        ["canvas-inverted"] = scene => scene.Canvas(Colours.Black, Colours.White).Write().Png(),
        ["canvas-colours"] = scene => scene.Canvas().Write().Png(),
        ["canvas-transparent"] = scene => scene.Canvas(Colours.White, scene.OneOf(Colours.White, Colours.Black, new Vector3(0.2f, 0.3f, 0.9f))).Write().TransparentPng(),
        ["canvas-hard-edges"] = scene => scene.Canvas(Colours.White, Colours.Black).Write(isHard: true).Png(),
        ["canvas-small"] = scene => scene.Canvas(Colours.White, Colours.Black).Write().Scaled(scene.Between(0.1f, 0.2f)).Png(),
        ["canvas-large-page"] = scene => scene.Ground(scene.Random.Next(500, 900), scene.Random.Next(400, 700), Colours.White).Place(scene.Between(30, 70), 20).With(scene.Between(2, 6), Colours.Black).Write().Png(),
        ["canvas-tight"] = scene => scene.Canvas(Colours.White, Colours.Black).Write().Tight().Png(),
        ["canvas-at-the-edge"] = scene => scene.Canvas().PlaceAt(scene.OneOf(2, 8) + scene.Pen / 2, scene.OneOf(2, 30) + scene.Pen / 2, scene.Box.Height * 0.9f).Write().Png(),
        ["canvas-marker"] = scene => scene.Canvas(Colours.White, Colours.Black).Wider(scene.Between(0.16f, 0.22f)).Write().Png(),
        ["canvas-hairline"] = scene => scene.Canvas(Colours.White, Colours.Black).Wider(0.008f).Write().Png(),
        ["canvas-gradient"] = scene => scene.Canvas(new Vector3(0.1f, 0.2f, 0.5f), Colours.White).Gradient(new Vector3(0.6f, 0.2f, 0.5f)).Write().Png(),
        ["canvas-on-a-photograph"] = scene => scene.Canvas(Colours.Grey(0.3f), Colours.White).Backdrop(0, 0.6f).Write().Grain(0.02f).Png(),
        ["canvas-rainbow"] = scene => scene.Canvas(Colours.White, Colours.Black).Write(ink: (x, y) => Hue((x + y) / 90)).Png(),
        ["canvas-in-a-disc"] = scene => scene.Canvas(Colours.White, Colours.White).Disc(scene.Table()).Write().Png(),
        ["canvas-toolbar"] = scene => scene.Canvas(Colours.White, Colours.Black).Toolbar().Write().Png(),
        ["canvas-caption"] = scene => scene.Canvas().Caption(scene.Between(0.3f, 1)).Write().Png(),
        ["canvas-guides"] = scene => scene.Canvas(Colours.White, Colours.Black).Guides(areDots: false).Write().Png(),
        ["canvas-dot-grid"] = scene => scene.Canvas(Colours.White, Colours.Black).Guides(areDots: true).Write().Png(),
        ["canvas-dark-on-a-page"] = scene => scene.Canvas(Colours.Black, Colours.White).Write().OnPage(Colours.Grey(scene.Between(0.85f, 1))).Png(),
        ["canvas-light-on-a-dark-page"] = scene => scene.Canvas(Colours.White, Colours.Black).Write().OnPage(Colours.Grey(scene.Between(0, 0.2f))).Png(),
        ["canvas-jpeg"] = scene => scene.Canvas().Write().Jpeg(scene.Random.Next(15, 40)).Png(),

        ["tablet-plain"] = scene => scene.Tablet().Write().Png(),
        ["tablet-pressure"] = scene => scene.Tablet().Wider(0.05f).Write(pressure: 0.8f).Png(),
        ["tablet-hard-edges"] = scene => scene.Tablet().Write(isHard: true).Png(),
        ["tablet-transparent"] = scene => scene.Tablet().Write(pressure: 0.5f).TransparentPng(),
        ["tablet-dark"] = scene => scene.Ground(400, 400, Colours.Grey(0.11f)).Place(scene.Between(120, 300), 20).With(scene.Between(2, 6), scene.OneOf(Colours.White, new Vector3(0.4f, 0.8f, 1), new Vector3(1, 0.85f, 0.3f))).Write(pressure: 0.4f).Png(),
        ["tablet-ruled"] = scene => scene.Tablet().Ruled(dark: 0.3f).Write().Png(),
        ["tablet-squared"] = scene => scene.Tablet().Ruled(isSquared: true, dark: 0.25f).Write().Png(),
        ["tablet-faint"] = scene => scene.Tablet().Write(opacity: 0.3f).Png(),
        ["tablet-small"] = scene => scene.Tablet().Write().Scaled(0.15f).Png(),

        ["photo-plain"] = scene => scene.Sheet().Write().UnevenLight().Photograph(),
        ["photo-pencil"] = scene => scene.Sheet(ink: scene.Pencil()).Write(opacity: 0.8f).UnevenLight().Photograph(),
        ["photo-marker"] = scene => scene.Sheet().Wider(scene.Between(0.1f, 0.18f)).Write().UnevenLight().Photograph(),
        ["photo-small"] = scene => scene.Sheet(highest: 0.25f, lowest: 0.12f).Write().UnevenLight().Photograph(),
        ["photo-coloured-paper"] = scene => scene.Sheet(scene.ColouredPaper()).Write().UnevenLight().Photograph(),
        ["photo-ruled"] = scene => scene.Sheet().Ruled().Write().UnevenLight().Photograph(),
        ["photo-squared"] = scene => scene.Sheet().Ruled(isSquared: true).Write().UnevenLight().Photograph(),
        ["photo-finely-squared"] = scene => scene.Sheet().Ruled(isSquared: true, coarsest: 0.2f, finest: 0.12f).Write().UnevenLight().Photograph(),
        ["photo-squared-pencil"] = scene => scene.Sheet(ink: scene.Pencil()).Ruled(isSquared: true).Write().UnevenLight().Photograph(),
        ["photo-soft-shadow"] = scene => scene.Sheet().Write().UnevenLight().Shadow(scene.Between(30, 80)).Photograph(),
        ["photo-hard-shadow"] = scene => scene.Sheet().Write().UnevenLight().Shadow(scene.Between(1, 6)).Photograph(),
        ["photo-shadow-band"] = scene => scene.Sheet().Write().UnevenLight().ShadowBand().Photograph(),
        ["photo-blinds"] = scene => scene.Sheet().Write().Blinds().Photograph(),
        ["photo-lamp"] = scene => scene.Sheet().Write().Pool(0.3f, 0.6f).Photograph(),
        ["photo-flash"] = scene => scene.Sheet().Write().Pool(0.6f, 0.8f).Photograph(),
        ["photo-crease"] = scene => scene.Sheet().Write().Creased().UnevenLight().Photograph(),
        ["photo-crumpled"] = scene => scene.Sheet().Write().Crumpled().UnevenLight(0.3f).Photograph(),
        ["photo-table-around"] = scene => scene.Sheet().Write().OnTable().UnevenLight().Photograph(),
        ["photo-note"] = scene => scene.Sheet(scene.ColouredPaper(), smallest: 120, largest: 200).Write().OnTable(most: 3).UnevenLight().Photograph(),
        ["photo-from-a-side"] = scene => scene.Sheet().Write().OnTable(perspective: 0.35f).UnevenLight().Photograph(),
        ["photo-table-beside"] = scene => scene.Sheet().Write().BesideTable().UnevenLight().Photograph(),
        ["photo-table-and-shadow"] = scene => scene.Sheet().Write().OnTable().Shadow(scene.Between(2, 40)).Photograph(),
        ["photo-checkered-cloth"] = scene => scene.Sheet().Write().OnTable(isCheckered: true).UnevenLight().Photograph(),
        ["photo-thing"] = scene => scene.Sheet().Write().Thing().UnevenLight().Photograph(),
        ["photo-finger"] = scene => scene.Sheet().Write().Finger().UnevenLight().Photograph(),
        ["photo-print"] = scene => scene.Sheet(highest: 0.5f).Raised(0.5f).Print(2).Write().UnevenLight().Photograph(),
        ["photo-label"] = scene => scene.Sheet(highest: 0.5f).Print(1, isBelow: false).Write().UnevenLight().Photograph(),
        ["photo-box"] = scene => scene.Sheet().Boxed(scene.Between(2, 15)).Write().UnevenLight().Photograph(),
        ["photo-underlined"] = scene => scene.Sheet(highest: 0.6f).Raised(0.25f).Write().Underlined().UnevenLight().Photograph(),
        ["photo-circled"] = scene => scene.Sheet(highest: 0.45f, lowest: 0.25f, fromEdge: 0.28f).Write().Circled().UnevenLight().Photograph(),
        ["photo-highlighter"] = scene => scene.Sheet().Write().Highlighted().UnevenLight().Photograph(),
        ["photo-coffee"] = scene => scene.Sheet().CoffeeRing().Write().UnevenLight().Photograph(),
        ["photo-shows-through"] = scene => scene.Sheet().ShowsThrough(0.15f).Write().UnevenLight().Photograph(),
        ["photo-whiteboard"] = scene => scene.Sheet(Colours.Grey(0.85f)).Wider(scene.Between(0.05f, 0.09f)).Write(opacity: 0.85f).Glare().UnevenLight().Photograph(),
        ["photo-chalk"] = scene => scene.Sheet(scene.OneOf<Vector3>(new(0.15f, 0.25f, 0.2f), new(0.15f, 0.15f, 0.16f)), ink: Colours.Grey(0.85f)).Wider(scene.Between(0.05f, 0.1f)).Write(opacity: 0.75f).Grain(0.04f).UnevenLight().Photograph(),
        ["photo-tight"] = scene => scene.Sheet().Wider(scene.Between(0.05f, 0.15f)).Write().UnevenLight().Tight(scene.Between(0, 0.08f) * scene.Box.Height).Photograph(),
        ["photo-black-bars"] = scene => scene.Sheet().Write().UnevenLight().Blurred(0.7f).Grain(0.015f).OnBars().Png(),

        ["scan-plain"] = scene => scene.Scanned().Write().Grain(0.01f).Grey().Png(),
        ["scan-colour"] = scene => scene.Scanned(scene.PenInk()).Write().Grain(0.015f).Jpeg(75).Png(),
        ["scan-specks"] = scene => scene.Scanned().Specks(60).Write().Grain(0.01f).Grey().Png(),
        ["scan-dark-edges"] = scene => scene.Scanned().Write().DarkEdges().Grain(0.01f).Grey().Png(),
        ["scan-one-bit"] = scene => scene.Scanned().Write().Grain(0.03f).OneBit(scene.Between(0.4f, 0.65f)).Png(),
        ["scan-one-bit-specks"] = scene => scene.Scanned().Specks(40).Write().Grain(0.03f).OneBit().Png(),
        ["scan-dithered"] = scene => scene.Scanned().Write().Dithered().Png(),
        ["scan-dithered-photograph"] = scene => scene.Sheet().Write().UnevenLight().Dithered().Png(),
        ["scan-jpeg"] = scene => scene.Scanned(scene.PenInk()).Write().Grain(0.01f).Jpeg(scene.Random.Next(10, 30)).Png(),
        ["scan-few-pixels"] = scene => scene.Scanned().Write().Grain(0.01f).Scaled(scene.Between(0.08f, 0.15f)).Grey().Png(),
        ["scan-box"] = scene => scene.Scanned().Boxed(scene.Between(3, 20)).Write().Grain(0.01f).Grey().Png(),
        ["scan-box-touched"] = scene => scene.Scanned().Boxed(scene.Between(-8, 1)).Write().Grain(0.01f).Grey().Png(),
        ["scan-dashed-box"] = scene => scene.Scanned().Boxed(scene.Between(3, 20), at => at % 12 < 5).Write().Grain(0.01f).Grey().Png(),
        ["scan-comb"] = scene => scene.Scanned(highest: 0.6f).Raised(0.1f).Comb().Write().Grain(0.01f).Grey().Png(),
        ["scan-underlined"] = scene => scene.Scanned(highest: 0.6f).Raised(0.25f).Write().Underlined().Grain(0.01f).Grey().Png(),
        ["scan-ruled"] = scene => scene.Scanned(scene.PenInk()).Ruled().Write().Grain(0.01f).Png(),
        ["scan-squared"] = scene => scene.Scanned(scene.PenInk()).Ruled(isSquared: true).Write().Grain(0.01f).Png(),
        ["scan-squared-grey"] = scene => scene.Scanned().Ruled(isSquared: true, dark: 0.6f).Write().Grey().Png(),
        ["scan-holes"] = scene => scene.Scanned().Holes().Write().Grain(0.01f).Grey().Png(),
        ["scan-stamp"] = scene => scene.Scanned(scene.PenInk()).Stamped().Write().Grain(0.01f).Png(),
        ["scan-shows-through"] = scene => scene.Scanned().ShowsThrough(0.2f).Write().Grain(0.01f).Grey().Png(),
        ["scan-fax"] = scene => scene.Scanned().Write().FaxLines().OneBit().Png(),
        ["scan-copied"] = scene => scene.Scanned().Specks(30).Write().Copied().Png(),
        ["scan-tight"] = scene => scene.Scanned().Write().Grain(0.01f).Grey().Tight(scene.Between(0, 0.08f) * scene.Box.Height).Png(),
        ["scan-tight-few-pixels"] = scene => scene.Scanned().Write().Grain(0.01f).Grey().Tight(scene.Between(0, 0.05f) * scene.Box.Height).Scaled(20 / scene.Box.Height).Png(),
        ["scan-neighbour"] = scene => scene.Scanned().Write().Neighbour().Grain(0.01f).Grey().Png(),

        ["mixed-canvas"] = Mixed.Canvas,
        ["mixed-photo"] = Mixed.Photograph,
        ["mixed-scan"] = Mixed.Scan,
        ["mixed-tablet"] = Mixed.Tablet,
    };

    /// <summary>A program's canvas; the digit somewhere on it.</summary>
    public static Scene Canvas(this Scene scene, Vector3? ground = null, Vector3? ink = null)
    {
        var side = scene.Random.Next(200, 420);
        var colours = scene.ScreenColours();
        var height = side * scene.Between(0.4f, 0.8f);
        return scene.Ground(scene.Random.Next(side, side * 3 / 2), side, ground ?? colours.Ground).Place(height, side * 0.06f).With(height * scene.Between(0.05f, 0.13f), ink ?? colours.Ink);
    }

    public static Scene Tablet(this Scene scene) =>
        scene.Ground(scene.Random.Next(300, 450), scene.Random.Next(300, 450), scene.OneOf(Colours.White, new Vector3(1, 0.98f, 0.9f))).Place(scene.Between(120, 250), 20).With(scene.Between(1.5f, 5), scene.PenInk());

    /// <summary>Paper before a camera.</summary>
    public static Scene Sheet(this Scene scene, Vector3? paper = null, Vector3? ink = null, float lowest = 0.3f, float highest = 0.7f, int smallest = 260, int largest = 400, float fromEdge = 0.08f)
    {
        var side = scene.Random.Next(smallest, largest);
        var height = side * scene.Between(lowest, highest);
        return scene.Ground(scene.Random.Next(side, side * 4 / 3), side, paper ?? scene.Paper()).Place(height, side * fromEdge).With(Math.Max(1.5f, height * scene.Between(0.02f, 0.09f)), ink ?? scene.PenInk());
    }

    /// <summary>Paper on a scanner's glass.</summary>
    public static Scene Scanned(this Scene scene, Vector3? ink = null, float highest = 0.75f)
    {
        var side = scene.Random.Next(200, 400);
        var height = side * scene.Between(0.35f, highest);
        return scene.Ground(scene.Random.Next(side, side * 4 / 3), side, Colours.Grey(scene.Between(0.85f, 1))).Place(height, side * 0.1f).With(Math.Max(2, height * scene.Between(0.025f, 0.1f)), ink ?? Colours.Grey(scene.Between(0.05f, 0.3f)));
    }

    /// <summary>Another pen, as a share of the digit's height.</summary>
    public static Scene Wider(this Scene scene, float share) => scene.With(Math.Max(1, share * scene.Box.Height), scene.Ink);

    /// <summary>Leaves room below the digit, so many of its heights.</summary>
    private static Scene Raised(this Scene scene, float share) =>
        scene.PlaceAt(scene.Box.Left, Math.Max(0, Math.Min(scene.Box.Top, scene.Height - scene.Box.Height * (1 + share) - 2 * scene.Pen)), scene.Box.Height);

    /// <summary>Cut out without a margin, or with so little of one.</summary>
    private static Scene Tight(this Scene scene, float margin = 0)
    {
        var (left, top, half) = (scene.Box.Left, scene.Box.Top, scene.Pen / 2 + margin);
        return scene.Warp((int)(scene.Box.Width + 2 * half) + 1, (int)(scene.Box.Height + 2 * half) + 1,
            (x, y) => Vector2.Clamp(new Vector2(x + left - half, y + top - half), Vector2.Zero, new Vector2(scene.Width - 1, scene.Height - 1)), (_, _) => Colours.White);
    }

    private static Scene OnBars(this Scene scene)
    {
        var (height, depth) = (scene.Height, scene.Height / 5);
        return scene.Warp(scene.Width, height + 2 * depth, (x, y) => new Vector2(x, y - depth), (_, _) => Colours.Black);
    }

    /// <summary>A dark colour of each hue in turn.</summary>
    private static Vector3 Hue(float turn) => 0.4f * (Vector3.One + new Vector3(MathF.Cos(turn), MathF.Cos(turn - 2.1f), MathF.Cos(turn - 4.2f)));
}
