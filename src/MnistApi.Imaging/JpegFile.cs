namespace MnistApi.Imaging;

/// <summary>
/// The segments of a JPEG, checked before anything is decoded. The decoder (ImageSharp 2.1) fills up with grey what a file that ends early
/// lacks, and takes any number of scans. So it is shown only files that end as they should, with one frame and few scans.
/// </summary>
internal readonly ref struct JpegFile
{
    private const int MaxScans = 64; // each goes over the whole picture; encoders write about ten
    private const int MaxSampling = 4; // the standard's
    private const int MaxPixelsPerByte = 8 * 64; // a block of 8x8 has a bit at least, of its mean level

    private readonly long _dataBytes; // of all scans

    private JpegFile(PictureSize size, int components, int orientation, long dataBytes) =>
        (Size, Components, Orientation, _dataBytes) = (size, components, orientation, dataBytes);

    public PictureSize Size { get; }

    /// <summary>1 for grey, 3 for colours, 4 for printing inks.</summary>
    public int Components { get; }

    /// <summary>How it is to be turned once it is decoded, see <see cref="Imaging.Orientation"/>.</summary>
    public int Orientation { get; }

    public static ReadOnlySpan<byte> Signature => [0xFF, Marker.Start, 0xFF];

    /// <summary>Walks the segments and the scans' data to the end.</summary>
    /// <exception cref="PictureException">The bytes are a truncated or damaged JPEG, or one of a rare kind.</exception>
    public static JpegFile Read(ReadOnlySpan<byte> file)
    {
        var (size, components, orientation, scans, data, at) = (default(PictureSize), 0, Imaging.Orientation.Upright, 0, 0L, 2);
        while (true)
        {
            var marker = NextMarker(file, ref at);
            if (marker == Marker.End)
                break;
            if (Marker.HasNoSegment(marker))
                throw Damaged($"0xFF{marker:X2} stands where a segment was expected");
            var content = Segment(file, ref at);
            if (Marker.IsFrame(marker))
            {
                if (components > 0)
                    throw Damaged("it has two frames: expected one");
                (size, components) = ReadFrame(content);
            }
            else if (Marker.IsOtherFrame(marker))
            {
                throw Damaged($"it is coded in a rare way (0xFF{marker:X2}): expected a baseline or progressive JPEG");
            }
            else if (marker == Marker.Application1 && content.StartsWith("Exif\0\0"u8))
            {
                orientation = Imaging.Orientation.Of(content[6..]);
            }
            else if (marker == Marker.Scan)
            {
                if (components == 0 || ++scans > MaxScans)
                    throw Damaged($"it has a scan before its frame, or more than {MaxScans} scans");
                var start = at;
                SkipScan(file, ref at);
                data += at - start;
            }
        }
        if (scans == 0)
            throw Damaged("it has no picture");
        return new JpegFile(size, components, orientation, data);
    }

    /// <summary>Checks that the picture is no larger than allowed, and that there are data for all of it.</summary>
    /// <exception cref="PictureException">It is larger, or there are not.</exception>
    public void Require(long maxPixels)
    {
        Size.Require(maxPixels);
        if (_dataBytes * MaxPixelsPerByte < Size.Pixels)
            throw Damaged($"its data has {_dataBytes} bytes, which is too short for {Size.Width}x{Size.Height} pixels");
    }

    /// <summary>The size in a file's first bytes; nothing where it does not stand in them.</summary>
    public static PictureSize? SizeAtFirstSight(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 9 <= file.Length && file[at] == 0xFF; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]))
        {
            if (Marker.IsFrame(file[at + 1]))
                return SizeIn(file[(at + 4)..]);
        }
        return null;
    }

    public static PictureException Damaged(string what) => new(PictureError.Damaged, $"the JPEG is truncated or damaged: {what}");

    private static (PictureSize Size, int Components) ReadFrame(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6 || frame[0] != 8 || frame[5] is not (1 or 3 or 4) || frame.Length != 6 + 3 * frame[5])
            throw Damaged("it has a frame of a kind that is not read: expected one, of 8 bits, in grey or colours");
        for (var at = 7; at < frame.Length; at += 3)
        {
            if ((frame[at] >> 4) is 0 or > MaxSampling || (frame[at] & 0xF) is 0 or > MaxSampling)
                throw Damaged($"it has the sampling factors {frame[at] >> 4} and {frame[at] & 0xF}: expected 1 to {MaxSampling}");
        }
        var size = SizeIn(frame);
        return size.Pixels > 0 ? (size, frame[5]) : throw Damaged($"its size is {size.Width}x{size.Height}");
    }

    /// <summary>What stands in a frame: its bits, its rows, its columns.</summary>
    private static PictureSize SizeIn(ReadOnlySpan<byte> frame) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(frame[3..]), BinaryPrimitives.ReadUInt16BigEndian(frame[1..]));

    private static byte NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        if (at + 2 > file.Length)
            throw Damaged("it ends before its end marker");
        if (file[at] != 0xFF)
            throw Damaged($"expected a marker at byte {at}, got 0x{file[at]:X2}");
        while (at + 1 < file.Length && file[at + 1] == 0xFF) // as many may fill up
            at++;
        at += 2;
        return at <= file.Length ? file[at - 1] : throw Damaged("it ends before its end marker");
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> file, ref int at)
    {
        var length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file[at..]) : 0;
        if (length < 2 || at + length > file.Length)
            throw Damaged("a segment goes on beyond its end");
        at += length;
        return file.Slice(at - length + 2, length - 2);
    }

    /// <summary>Goes to the next marker that is none of the restarts within a scan's data.</summary>
    private static void SkipScan(ReadOnlySpan<byte> file, ref int at)
    {
        while (true)
        {
            var next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
                throw Damaged("it ends before its end marker");
            at += next;
            if (file[at + 1] is not (0 or (>= Marker.FirstRestart and <= Marker.LastRestart)))
                return;
            at += 2;
        }
    }

    private static class Marker
    {
        public const byte Baseline = 0xC0;
        public const byte Extended = 0xC1;
        public const byte Progressive = 0xC2;
        public const byte FirstRestart = 0xD0;
        public const byte LastRestart = 0xD7;
        public const byte Start = 0xD8;
        public const byte End = 0xD9;
        public const byte Scan = 0xDA;
        public const byte Application1 = 0xE1;

        /// <summary>The frames that are read.</summary>
        public static bool IsFrame(byte marker) => marker is Baseline or Extended or Progressive;

        /// <summary>Restarts, a second start, and what is no marker: they would lead the decoder another way than this reader.</summary>
        public static bool HasNoSegment(byte marker) => marker is <= 1 or (>= FirstRestart and <= Start);

        /// <summary>Lossless, hierarchical, arithmetic: all from C3 to CF that are no tables.</summary>
        public static bool IsOtherFrame(byte marker) => marker is > Progressive and < FirstRestart and not (0xC4 or 0xC8 or 0xCC);
    }
}
