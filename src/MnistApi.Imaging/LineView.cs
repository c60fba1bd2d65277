namespace MnistApi.Imaging;

/// <summary>The picture, or a part of it, along its rows or along its columns.</summary>
/// <param name="Origin">The first pixel's place among all.</param>
/// <param name="Length">Pixels in the lines' direction.</param>
/// <param name="Breadth">Pixels across it.</param>
/// <param name="StepAlong">From a pixel to the next one along.</param>
/// <param name="StepAcross">The same across.</param>
internal readonly record struct LineView(int Origin, int Length, int Breadth, int StepAlong, int StepAcross)
{
    private const float ThickestShare = 0.03f; // of the picture

    /// <summary>No line is thicker.</summary>
    public int Thickest => (int)(Breadth * ThickestShare) + 2;

    public int At(int along, int across) => Origin + along * StepAlong + across * StepAcross;
}
