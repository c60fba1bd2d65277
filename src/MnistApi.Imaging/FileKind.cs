namespace MnistApi.Imaging;

/// <summary>What bytes that are no picture for us evidently are, for errors.</summary>
internal static class FileKind
{
    private const string Export = "save or export it as PNG or JPEG";
    private const int MaxShown = 8; // bytes

    /// <summary>The kind, and the way out.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "nothing",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG",
        [0xFF, 0xD8, 0xFF, ..] => "a JPEG",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => $"a GIF: {Export}",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => $"a WebP: {Export}",
        [(byte)'B', (byte)'M', ..] => $"a BMP: {Export}",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => $"a TIFF: {Export}",
        [0, 0, 1, 0, ..] => $"an ICO: {Export}",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => $"an AVIF: {Export}",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] =>
            $"a HEIC, as iPhones take pictures: {Export}, or set the camera to Most Compatible",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => $"a PDF: {Export} the page that has the digit",
        _ when IsSvg(bytes) => $"an SVG, which is text: draw it into a PNG first",
        _ => $"{bytes.Length} bytes that begin with {Convert.ToHexString(bytes[..Math.Min(MaxShown, bytes.Length)])}",
    };

    private static bool IsSvg(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(bytes.Length, 1024)].IndexOf("<svg"u8) >= 0;
}
