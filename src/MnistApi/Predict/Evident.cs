using System.Numerics;
using System.Runtime.InteropServices;
using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>Names what bytes evidently are that are not what was expected, and the way out.</summary>
internal static class Evident
{
    private const int MaxText = 512; // characters of a text that are looked at

    /// <summary>How texts begin that people send in place of a file, and what to say of each.</summary>
    private static readonly (string Beginning, string Name)[] s_texts =
    [
        ("data:", "a data URL that is not in base64: expected data:image/png;base64,..."),
        ("<!doctype html", "an HTML page, not the file that it was asked for"),
        ("<html", "an HTML page, not the file that it was asked for"),
        ("version https://git-lfs", "a pointer of Git LFS: fetch the file itself with git lfs pull"),
        ("http://", "an address: send what is there, nothing is fetched from here"),
        ("https://", "an address: send what is there, nothing is fetched from here"),
        ("iVBORw0KGgo", "a PNG in base64: decode it, or send it as {\"instances\":[{\"b64\":\"...\"}]}"),
        ("/9j/", "a JPEG in base64: decode it, or send it as {\"instances\":[{\"b64\":\"...\"}]}"),
    ];

    /// <summary>A name, and after a colon what to do; null for what has no name.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "nothing: the body is empty",
        _ when DigitReader.IsPicture(bytes) =>
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

    /// <summary>Checks raw pixels, a byte each.</summary>
    public static void RequireBytes(ReadOnlySpan<byte> pixels)
    {
        if (!pixels.IsEmpty && (NameOf(pixels) ?? NameOfFloats(pixels) ?? NameOfChannels(pixels)) is { } name)
            throw Malformed($"expected {MnistImage.Pixels} bytes an image, got {name}");
    }

    private static string? NameOfFloats(ReadOnlySpan<byte> pixels)
    {
        // No pixel but 0 is fainter than the first number; bytes taken for floats nearly always are, or are enormous.
        var isHalf = IsAll<Half>(pixels, 1e-3, sizeof(ushort));
        var isSingle = IsAll<float>(pixels, 1e-6, sizeof(float));
        var isDouble = IsAll<double>(pixels, 1e-6, sizeof(double));
        var name = isSingle && isDouble ? "float32 or float64" : isSingle ? "float32" : isDouble ? "float64" : isHalf ? "float16" : null;
        return name is null ? null : $"{name} pixels: send bytes, as (pixels * 255).astype('uint8').tobytes() for pixels in 0..1";
    }

    /// <summary>Whether bytes are whole pictures of levels, of which some are 0 and some are not: an even grey could be anything.</summary>
    private static bool IsAll<T>(ReadOnlySpan<byte> pixels, double min, int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (pixels.Length % (MnistImage.Pixels * size) != 0)
            return false;
        var (low, high) = (T.CreateChecked(min), T.CreateChecked(MnistImage.FullInk));
        var (isAnyZero, isAnyLevel) = (false, false);
        foreach (var value in MemoryMarshal.Cast<byte, T>(pixels))
        {
            if (value == T.Zero)
                isAnyZero = true;
            else if (value >= low && value <= high)
                isAnyLevel = true;
            else
                return false;
        }
        return isAnyZero && isAnyLevel;
    }

    /// <summary>Names pictures of 28x28 in grey whose every pixel has three equal bytes, or an opaque fourth beside.</summary>
    private static string? NameOfChannels(ReadOnlySpan<byte> pixels)
    {
        foreach (var (channels, name) in ((int, string)[])[(3, "RGB"), (4, "RGBA")])
        {
            if (pixels.Length % (MnistImage.Pixels * channels) == 0 && IsGrey(pixels, channels))
                return $"{name} pixels, {channels} bytes each: send one of them, as pixels.reshape(-1, {channels})[:, 0].tobytes()";
        }
        return null;
    }

    private static bool IsGrey(ReadOnlySpan<byte> pixels, int channels)
    {
        var (min, max) = (byte.MaxValue, byte.MinValue);
        for (var i = 0; i < pixels.Length; i += channels)
        {
            var level = pixels[i];
            if (pixels[i + 1] != level || pixels[i + 2] != level || (channels == 4 && pixels[i + 3] != byte.MaxValue))
                return false;
            (min, max) = (Math.Min(min, level), Math.Max(max, level));
        }
        return min < max; // an even grey could be anything
    }

    private static string? NameOfText(ReadOnlySpan<byte> bytes)
    {
        var start = WithoutMark(bytes);
        var text = Encoding.Latin1.GetString(start[..Math.Min(MaxText, start.Length)]).TrimStart();
        foreach (var (beginning, known) in s_texts)
        {
            if (text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return known;
        }
        if (text.StartsWith("--", StringComparison.Ordinal) && text.Contains("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            return "a form: send it with the content type multipart/form-data and its boundary";
        var name = text.IndexOf('=', StringComparison.Ordinal);
        if (name is > 0 and < 64 && text[..name].All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '%'))
            return "a form's fields (name=value): send JSON, or files as multipart/form-data";
        return BeginsAsJson(bytes) ? "JSON: send it with the content type application/json" : null;
    }
}
