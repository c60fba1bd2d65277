namespace MnistApi.Imaging;

/// <summary>
/// What the ink stands on. Where the border has one level, and the ground no grain, that is it, unless something wide lies beside a thin pen's strokes or a lamp shines on it. In a picture cut tight, which has two, it is the one that the ink's
/// strokes leave, see <see cref="TwoLevels"/>. Elsewhere, in photographs, also of a whole sheet on a table, it is fitted to the light, see <see cref="FittedGround"/>.
/// </summary>
internal static class Ground
{
    private const float UniformShare = 0.8f; // of the border
    private const int FarLevel = 40; // from the border's
    private const float SheetShare = 0.45f; // of the picture; thick pens cover a quarter
    private const float MuchShare = 0.002f; // of the picture
    private const int LeastSide = 32; // smaller pictures are cut tight: too little ground to fit one

    /// <summary>Turns a plane of grey into one of ink, 0 ground to 255, with light or dark ink told by which side of the ground goes further.</summary>
    /// <exception cref="PictureException">Nothing stands out from the ground.</exception>
    public static void Remove(Plane plane, ref Steps steps)
    {
        var border = Border.Of(plane);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in plane.Pixels)
            histogram[pixel]++;
        Span<int> above = stackalloc int[256]; // how many pixels rise so far from the ground to the ink's side
        Span<int> below = stackalloc int[256]; // and to the other
        above.Clear();
        below.Clear();
        var isTight = Math.Min(plane.Width, plane.Height) < LeastSide;
        var isInkLight = Polarity.IsInkLight(histogram, border.Median);
        var isPhotographed = !isTight && !TwoLevels.IsFlat(plane, histogram);
        var isUniform = border.Uniform >= UniformShare && !isPhotographed && (isTight || !HasBothSides(histogram, border.Median) || isInkLight == Polarity.IsNarrowLight(plane));
        var far = isUniform ? ShareFarFrom(histogram, border.Median) : 1;
        var isSheet = !isTight && far >= SheetShare && Sheet.IsOn(plane);
        var levels = isPhotographed || isSheet || far < SheetShare ? null : TwoLevels.Of(plane);
        if (isUniform && !isSheet && (isTight || levels is not { AreStrokes: false }))
        {
            if (!isTight && FittedGround.RemoveBesidePen(plane, border.Median, isInkLight, above, below))
                steps |= Steps.GroundFitted;
            else
                RemoveLevel(plane, histogram, border.Median, isInkLight, above, below);
        }
        else if (levels is { } cut && (cut.AreStrokes || isTight))
        {
            isInkLight = cut.Ground < cut.Ink;
            RemoveLevel(plane, histogram, cut.Ground, isInkLight, above, below);
        }
        else
        {
            steps |= Steps.GroundFitted;
            isInkLight = FittedGround.Remove(plane, isSheet, above, below);
        }
        if (isInkLight)
            steps |= Steps.LightInk;
        InkLevels.Of(above, below).Stretch(plane, ref steps);
    }

    /// <summary>How much of the picture is far from the border's level: a sheet on a table, photographed whole, is.</summary>
    private static float ShareFarFrom(ReadOnlySpan<int> histogram, int level)
    {
        int far = 0, total = 0;
        for (var other = 0; other < histogram.Length; other++)
        {
            far += Math.Abs(other - level) >= FarLevel ? histogram[other] : 0;
            total += histogram[other];
        }
        return far / (float)total;
    }

    /// <summary>Whether there is more than grain on both sides of the level: a lamp's pool of light and strokes in it, then what goes further is not always the ink.</summary>
    private static bool HasBothSides(ReadOnlySpan<int> histogram, int level)
    {
        int lighter = 0, darker = 0, total = 0;
        for (var other = 0; other < histogram.Length; other++)
        {
            lighter += other >= level + InkLevels.LeastContrast ? histogram[other] : 0;
            darker += other <= level - InkLevels.LeastContrast ? histogram[other] : 0;
            total += histogram[other];
        }
        return Math.Min(lighter, darker) >= MuchShare * total;
    }

    private static void RemoveLevel(Plane plane, ReadOnlySpan<int> histogram, int ground, bool isLight, Span<int> above, Span<int> below)
    {
        Span<byte> ink = stackalloc byte[256];
        for (var level = 0; level < 256; level++)
        {
            var rise = isLight ? level - ground : ground - level;
            ink[level] = (byte)Math.Max(0, rise);
            if (rise >= 0)
                above[rise] += histogram[level];
            else
                below[-rise] += histogram[level];
        }
        foreach (ref var pixel in plane.Pixels)
            pixel = ink[pixel];
    }
}
