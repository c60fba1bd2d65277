namespace MnistApi.Imaging;

/// <summary>
/// What the ink stands on. Where the border has one level that is it. In a picture cut tight, which has two, it is the one that the ink's
/// strokes leave, see <see cref="TwoLevels"/>. Elsewhere, in photographs, also of a whole sheet on a table, it is fitted to the light, see <see cref="FittedGround"/>.
/// </summary>
internal static class Ground
{
    private const float UniformShare = 0.8f; // of the border
    private const int FarLevel = 40; // from the border's
    private const float SheetShare = 0.45f; // of the picture; thick pens cover a quarter
    private const int LeastSide = 32; // smaller pictures are cut tight: too little ground to fit one

    /// <summary>Turns a plane of grey into one of ink, 0 ground to 255, with light or dark ink told by which side of the ground goes further.</summary>
    /// <exception cref="PictureException">Nothing stands out from the ground.</exception>
    public static void Remove(Plane plane, ref Steps steps)
    {
        var border = Border.Of(plane);
        Span<int> above = stackalloc int[256]; // how many pixels rise so far from the ground to the ink's side
        Span<int> below = stackalloc int[256]; // and to the other
        above.Clear();
        below.Clear();
        var isTight = Math.Min(plane.Width, plane.Height) < LeastSide;
        var isUniform = border.Uniform >= UniformShare;
        var far = isUniform ? ShareFarFrom(plane, border.Median) : 1;
        var isSheet = !isTight && far >= SheetShare && Sheet.IsOn(plane);
        var levels = isSheet || far < SheetShare ? null : TwoLevels.Of(plane);
        bool isLight;
        if (isUniform && !isSheet && (isTight || levels is not { AreStrokes: false }))
        {
            isLight = RemoveLevel(plane, border.Median, isLight: null, above, below);
        }
        else if (levels is { } two && (two.AreStrokes || isTight))
        {
            isLight = RemoveLevel(plane, two.Ground, two.Ground < two.Ink, above, below);
        }
        else
        {
            steps |= Steps.GroundFitted;
            isLight = FittedGround.Remove(plane, isSheet, above, below);
        }
        if (isLight)
            steps |= Steps.LightInk;
        InkLevels.Of(above, below).Stretch(plane, ref steps);
    }

    /// <summary>How much of the picture is far from the border's level: a sheet on a table, photographed whole, is.</summary>
    private static float ShareFarFrom(Plane plane, int level)
    {
        var far = 0;
        foreach (var pixel in plane.Pixels)
            far += Math.Abs(pixel - level) >= FarLevel ? 1 : 0;
        return far / (float)plane.Pixels.Length;
    }

    private static bool RemoveLevel(Plane plane, int ground, bool? isLight, Span<int> above, Span<int> below)
    {
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (var pixel in plane.Pixels)
            histogram[pixel]++;
        isLight ??= IsInkLight(histogram, ground);
        Span<byte> ink = stackalloc byte[256];
        for (var level = 0; level < 256; level++)
        {
            var rise = isLight.Value ? level - ground : ground - level;
            ink[level] = (byte)Math.Max(0, rise);
            if (rise >= 0)
                above[rise] += histogram[level];
            else
                below[-rise] += histogram[level];
        }
        foreach (ref var pixel in plane.Pixels)
            pixel = ink[pixel];
        return isLight.Value;
    }

    /// <summary>Which side goes further from the ground: by the third power, so that little ink outweighs much grain.</summary>
    private static bool IsInkLight(ReadOnlySpan<int> histogram, int ground)
    {
        double balance = 0;
        for (var level = 0; level < 256; level++)
            balance += histogram[level] * Math.Pow(level - ground, 3);
        return balance > 0;
    }
}
