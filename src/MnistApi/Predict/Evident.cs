using System.Runtime.InteropServices;
using System.Text;
using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Predict;

/// <summary>Names what bytes evidently are that are not what was expected, and the way out.</summary>
internal static class Evident
{
    private const float MinLevel = 1e-6f; // no pixel but 0 is fainter; bytes taken for floats nearly always are, or are enormous

    /// <summary>A name, and after a colon what to do; null for what has no name.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "nothing: the body is empty",
        _ when PictureFile.Begins(bytes) =>
            $"{FileKind.NameOf(bytes)}: send it to /predict with its content type, or in base64 as {{\"b64\":\"...\"}}",
        [0x1F, 0x8B, 8, < 0x20, ..] => "gzip: send it with the header Content-Encoding: gzip",
        [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] =>
            "a numpy file: send the pixels alone, as numpy.load(file).astype('uint8').tobytes()",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive, as .npz is: send each file in it as a part of multipart/form-data",
        _ => FileKind.NameOf(bytes) ?? (bytes[0] == 0 ? null : NameOfText(bytes)), // as most raw pictures begin
    };

    /// <summary>The same, or else how many bytes they are and the first of them.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => bytes.IsEmpty
        ? "nothing"
        : NameOf(bytes) ?? $"{bytes.Length} bytes that begin with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}";

    /// <summary>Whether bytes begin as an object or an array of JSON does.</summary>
    public static bool BeginsAsJson(ReadOnlySpan<byte> bytes)
    {
        var text = WithoutMark(bytes).TrimStart(" \t\r\n"u8);
        return text is [(byte)'{', ..] && text[1..].TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..]
            || text is [(byte)'[', ..]
                && text[1..].TrimStart(" \t\r\n"u8) is [(byte)'[' or (byte)'{' or (>= (byte)'0' and <= (byte)'9'), ..];
    }

    /// <summary>The bytes without UTF-8's byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) => text.StartsWith("\ufeff"u8) ? text[3..] : text;

    /// <summary>Names pixels that are floats though they came as bytes; null for bytes.</summary>
    public static string? NameOfFloats(ReadOnlySpan<byte> pixels)
    {
        string? name = null;
        if (pixels.Length % (MnistImage.Pixels * sizeof(float)) == 0 && IsAllLevels(MemoryMarshal.Cast<byte, float>(pixels)))
            name = "float32";
        if (pixels.Length % (MnistImage.Pixels * sizeof(double)) == 0 && IsAllLevels(MemoryMarshal.Cast<byte, double>(pixels)))
            name = name is null ? "float64" : "float32 or float64";
        return name is null ? null : $"{name} pixels: send bytes, as (pixels * 255).astype('uint8').tobytes() for pixels in 0..1";
    }

    private static bool IsAllLevels<T>(ReadOnlySpan<T> values)
        where T : System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (min, max) = (T.CreateChecked(MinLevel), T.CreateChecked(MnistImage.FullInk));
        var (isAnyZero, isAnyLevel) = (false, false);
        foreach (var value in values)
        {
            if (value == T.Zero)
                isAnyZero = true;
            else if (value >= min && value <= max)
                isAnyLevel = true;
            else
                return false;
        }
        return isAnyZero && isAnyLevel; // an even grey could be either
    }

    private static string? NameOfText(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(WithoutMark(bytes)[..Math.Min(512, WithoutMark(bytes).Length)]).TrimStart();
        bool Begins(string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);
        var name = text.IndexOf('=', StringComparison.Ordinal);
        return text switch
        {
            _ when Begins("data:") => "a data URL that is not in base64: expected data:image/png;base64,...",
            _ when Begins("<!doctype html") || Begins("<html") => "an HTML page, not the file that it was asked for",
            _ when Begins("version https://git-lfs") => "a pointer of Git LFS: fetch the file itself with git lfs pull",
            _ when Begins("http://") || Begins("https://") => "an address: send what is there, nothing is fetched from here",
            _ when Begins("iVBORw0KGgo") => "a PNG in base64: decode it, or send it as {\"instances\":[{\"b64\":\"...\"}]}",
            _ when Begins("/9j/") => "a JPEG in base64: decode it",
            _ when Begins("--") && text.Contains("Content-Disposition", StringComparison.OrdinalIgnoreCase) =>
                "a form: send it with the content type multipart/form-data and its boundary",
            _ when name is > 0 and < 64 && text[..name].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '%') =>
                "a form's fields (name=value): send JSON, or files as multipart/form-data",
            _ when BeginsAsJson(bytes) => "JSON: send it with the content type application/json",
            _ => null,
        };
    }
}
