using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Cli.Verbs;

/// <summary>Many pictures on one: each as it came, beside it as the network saw it, a caption below.</summary>
internal static class ContactSheet
{
    /// <summary>Pixels a side of each of a tile's two pictures: three a pixel that the network sees.</summary>
    public const int Side = Enlarged * MnistImage.Width;

    private const int Enlarged = 3;
    private const int Columns = 8;
    private const int Gap = 6;
    private const int PenSize = 2; // pixels of the sheet a pixel of a caption's letter
    private const int LetterWidth = 4 * PenSize;
    private const int LetterHeight = 5 * PenSize;
    private const int TileWidth = 2 * Side + Gap;
    private const int TileHeight = Side + LetterHeight + Gap;
    private const byte Paper = 255;

    private const string Letters = "0123456789>-";

    // three bits a row, five rows, top left first
    private static readonly int[] s_letters =
    [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111,
        0b101_101_111_001_001, 0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010,
        0b111_101_111_101_111, 0b111_101_111_001_111, 0b100_010_001_010_100, 0b000_000_111_000_000,
    ];

    /// <summary>One picture's place.</summary>
    /// <param name="Picture">Side x Side bytes.</param>
    /// <param name="Seen">784 bytes.</param>
    /// <param name="Caption">Digits, '>', '-' and spaces.</param>
    public sealed record Tile(byte[] Picture, byte[] Seen, string Caption);

    /// <summary>The sheet as a PNG, as high as it needs to be.</summary>
    public static byte[] Draw(IReadOnlyList<Tile> tiles)
    {
        var rows = Math.Max(1, (tiles.Count + Columns - 1) / Columns);
        int width = Columns * (TileWidth + Gap) + Gap, height = rows * (TileHeight + Gap) + Gap;
        var sheet = new byte[width * height];
        Array.Fill(sheet, Paper);
        for (var i = 0; i < tiles.Count; i++)
            Draw(tiles[i], sheet, width, Gap + i % Columns * (TileWidth + Gap), Gap + i / Columns * (TileHeight + Gap));
        return PngEncoding.Encode(sheet, width, height);
    }

    private static void Draw(Tile tile, byte[] sheet, int width, int left, int top)
    {
        for (var y = 0; y < Side; y++)
        {
            var row = sheet.AsSpan((top + y) * width + left, TileWidth);
            tile.Picture.AsSpan(y * Side, Side).CopyTo(row);
            for (var x = 0; x < Side; x++)
                row[Side + x] = tile.Seen[y / Enlarged * MnistImage.Width + x / Enlarged];
        }
        foreach (var letter in tile.Caption)
        {
            var bits = Letters.Contains(letter) ? s_letters[Letters.IndexOf(letter)] : 0;
            for (var i = 0; i < 15 * PenSize * PenSize; i++)
            {
                int x = i % (3 * PenSize), y = i / (3 * PenSize);
                var bit = 14 - (y / PenSize * 3 + x / PenSize);
                if ((bits >> bit & 1) == 1)
                    sheet[(top + Side + PenSize + y) * width + left + x] = 0;
            }
            left += LetterWidth;
        }
    }
}
