namespace MnistApi.Imaging;

/// <summary>How a picture is to be turned before it is looked at, as cameras note it down in Exif: 1 not at all, up to 8.</summary>
internal static class Orientation
{
    public const int Upright = 1;

    private const ushort Tag = 0x0112;
    private const ushort Short = 3; // the type of its value
    private const int EntryLength = 12;

    /// <summary>The orientation in Exif data, a TIFF file's first directory; upright where there is none that can be read.</summary>
    public static int Of(ReadOnlySpan<byte> exif)
    {
        var isLittle = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || !(isLittle || exif.StartsWith("MM\0*"u8)))
            return Upright;
        var directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2)
            return Upright;
        var entries = exif[((int)directory + 2)..];
        for (var left = Number(exif[(int)directory..], isLittle); left > 0 && entries.Length >= EntryLength; left--)
        {
            if (Number(entries, isLittle) == Tag && Number(entries[2..], isLittle) == Short)
                return Number(entries[8..], isLittle) is >= 1 and <= 8 and var orientation ? orientation : Upright;
            entries = entries[EntryLength..];
        }
        return Upright;
    }

    /// <summary>Whether rows become columns.</summary>
    public static bool IsSideways(int orientation) => orientation >= 5;

    /// <summary>Turns the page as the file asks.</summary>
    public static bool Turn(Page page)
    {
        if (page.Orientation == Upright)
            return false;
        var (plane, orientation) = (page.Plane, page.Orientation);
        var isSideways = IsSideways(orientation);
        bool isFromRight = orientation is 2 or 3 or 7 or 8, isFromBottom = orientation is 3 or 4 or 6 or 7;
        var turned = isSideways ? new Plane(plane.Height, plane.Width) : new Plane(plane.Width, plane.Height);
        for (var y = 0; y < turned.Height; y++)
        {
            var row = turned.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                var (column, line) = isSideways ? (y, x) : (x, y);
                row[x] = plane.Row(isFromBottom ? plane.Height - 1 - line : line)[isFromRight ? plane.Width - 1 - column : column];
            }
        }
        page.Replace(turned);
        return true;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
