namespace MnistApi.Imaging;

/// <summary>
/// A palette filled up to as many entries as an index can name, beyond which the decoder would read on. The entries that it has not
/// itself are greys that it has not either, so in the decoded picture they can be told.
/// </summary>
internal sealed class PngPalette
{
    private readonly int _entries;
    private readonly int[] _missing = new int[256]; // by grey: the index that is beyond the palette, or 0

    /// <param name="palette">Three bytes an entry.</param>
    /// <param name="depth">Bits of an index.</param>
    public PngPalette(ReadOnlySpan<byte> palette, int depth)
    {
        _entries = palette.Length / 3;
        Full = new byte[3 << depth];
        palette.CopyTo(Full);
        var hasGrey = new bool[256];
        for (var at = 0; at < palette.Length; at += 3)
            hasGrey[palette[at]] |= palette[at] == palette[at + 1] && palette[at] == palette[at + 2];
        for (int index = _entries, grey = 0; index < 1 << depth; index++, grey++)
        {
            while (hasGrey[grey])
                grey++;
            Full.AsSpan(3 * index, 3).Fill((byte)grey);
            _missing[grey] = index;
        }
    }

    /// <summary>Three bytes an entry.</summary>
    public byte[] Full { get; }

    /// <exception cref="PictureException">A pixel's index is beyond the palette.</exception>
    public void Require<TPixel>(Image<TPixel> decoded)
        where TPixel : unmanaged, IPixel<TPixel> => decoded.ProcessPixelRows(rows =>
    {
        for (var y = 0; y < rows.Height; y++)
        {
            var row = MemoryMarshal.AsBytes(rows.GetRowSpan(y));
            for (var at = 0; at < row.Length; at += row.Length / rows.Width) // red, green, blue and perhaps the opacity
            {
                if (row[at] == row[at + 1] && row[at] == row[at + 2] && _missing[row[at]] > 0)
                    throw PngFile.Damaged($"a pixel has the palette index {_missing[row[at]]}, the palette {_entries} entries");
            }
        }
    });
}
