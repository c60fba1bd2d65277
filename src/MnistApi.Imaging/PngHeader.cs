namespace MnistApi.Imaging;

/// <summary>What a PNG's header says.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits a sample, or a palette index.</param>
/// <param name="Colour">The colour type.</param>
/// <param name="IsInterlaced">Whether the picture comes in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, byte Depth, byte Colour, bool IsInterlaced)
{
    // colour types
    public const byte Grey = 0;
    public const byte Rgb = 2;
    public const byte Palette = 3;
    public const byte GreyAlpha = 4;
    public const byte RgbAlpha = 6;

    private static readonly (int X, int Y, int StepX, int StepY)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public PictureSize Size => new(Width, Height);

    /// <summary>Whether the standard allows this depth for this colour type.</summary>
    public bool IsPossible => Colour switch
    {
        Grey => Depth is 1 or 2 or 4 or 8 or 16,
        Palette => Depth is 1 or 2 or 4 or 8,
        Rgb or GreyAlpha or RgbAlpha => Depth is 8 or 16,
        _ => false,
    };

    /// <summary>Bytes of the picture, unpacked: a filter byte and the pixels of every row, of each pass where it is interlaced.</summary>
    public long UnpackedBytes()
    {
        long bits = Depth * Colour switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };
        if (!IsInterlaced)
            return Height * (1 + (Width * bits + 7) / 8);
        return Passes().Sum(pass => pass.Rows * (1 + (pass.Columns * bits + 7) / 8));
    }

    /// <summary>The sizes of the pictures in the data: one, or those of Adam7's passes that are not empty.</summary>
    public IEnumerable<(int Columns, int Rows)> Passes()
    {
        if (!IsInterlaced)
            return [(Width, Height)];
        var (width, height) = (Width, Height);
        return s_adam7
            .Select(pass => (Columns: Count(width, pass.X, pass.StepX), Rows: Count(height, pass.Y, pass.StepY)))
            .Where(pass => pass.Columns > 0 && pass.Rows > 0);

        static int Count(int length, int first, int step) => (int)(((long)length - first + step - 1) / step);
    }
}
