namespace MnistApi.Imaging;

/// <summary>
/// A sheet of paper on a dark table that reaches beyond more than one side of the picture: what is written on it is dark, however much of the picture is darker. One that lies whole
/// in the picture is cut out before, see <see cref="WholeSheet"/>.
/// </summary>
internal static class Sheet
{
    private const int WrittenReach = 3; // cells: what is narrower than twice that is written on the sheet
    private const float Narrowest = 0.3f; // of the picture's longer side: no pen is as wide

    /// <summary>Whether there is one.</summary>
    public static bool IsOn(Plane plane)
    {
        using var means = Cells.MeansOf(plane, Cells.SideFor(plane));
        using var blank = Closing.Of(means, WrittenReach);
        return TwoLevels.Of(blank) is { AreSharp: true } levels && levels.Ink > levels.Ground && levels.Widest >= Narrowest
            && TwoLevels.Of(plane) is { IsClean: false };
    }
}
