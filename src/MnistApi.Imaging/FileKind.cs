namespace MnistApi.Imaging;

/// <summary>What a picture's file evidently is, for errors about those that are not read.</summary>
public static class FileKind
{
    private const string Convert = "convert it to PNG or JPEG";
    private const int MaxShown = 8; // bytes

    /// <summary>The kind, and after a colon the way out where it is not read; null for what is no picture.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith(PngFile.Signature) => "a PNG",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] =>
            "a PNG whose line ends were changed on the way: send it as it is, with curl by --data-binary",
        [0xFF, 0xD8, 0xFF, >= 0xC0, ..] => "a JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => $"a GIF: {Convert}",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => $"a WebP: {Convert}",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => $"a BMP: {Convert}",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => $"a TIFF: {Convert}",
        [0, 0, 1, 0, var icons, 0, ..] when bytes.Length >= 22
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]) == 6 + 16 * icons => $"an ICO: {Convert}",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => $"an AVIF: {Convert}",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', ..] =>
            $"a HEIC, as iPhones take them: {Convert}, or set the camera to 'Most Compatible'",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => $"a PDF: {Convert}, one picture a digit",
        _ when bytes.StartsWith("<svg"u8) || (bytes.StartsWith("<?xml"u8) && bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) > 0) =>
            $"an SVG: {Convert}",
        _ => null,
    };

    /// <summary>The same, or else how many bytes they are and the first of them.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => NameOf(bytes) ?? (bytes.IsEmpty
        ? "nothing"
        : $"{bytes.Length} bytes that begin with {System.Convert.ToHexString(bytes[..Math.Min(MaxShown, bytes.Length)])}");
}
