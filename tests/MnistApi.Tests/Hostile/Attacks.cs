using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MnistApi.TestData;
using static MnistApi.Tests.Hostile.Attack;
using static MnistApi.Tests.Pictures;

namespace MnistApi.Tests.Hostile;

/// <summary>What is sent at the service by those who mean it ill, by class. Pictures have more of their own in PngAttackTests.</summary>
internal static class Attacks
{
    private const int Mebi = 1 << 20;

    /// <summary>All attacks by class, made once: the bombs take seconds.</summary>
    public static ILookup<string, Attack> ByClass { get; } = ((IEnumerable<Attack>)
        [.. Bombs(), .. Damaged(), .. Jpegs(), .. OtherFormats(), .. Json(), .. Encodings(), .. Forms(), .. Raw(), .. Compressed(),
            .. Protocols.All(), .. Framing.All(), .. OtherEndpoints.All()]).ToLookup(attack => attack.Class);

    private static IEnumerable<Attack> Bombs()
    {
        const string Class = "PNG bombs: sizes, and gigabytes behind small data";
        var gigabyte = RawPng.PackedZeros(1 << 30);
        var header = RawPng.Header(28, 28, 8, 0);
        var end = RawPng.Chunk("IEND", []);
        var data = RawPng.Chunk("IDAT", RawPng.Pack(new RawPng(28, 28, 0, 8).Rows((x, y, _) => Seven[y * 28 + x])));
        yield return Png(Class, "50,000 x 50,000, one bit", new RawPng(50_000, 50_000, 0, 1).With(RawPng.PackedZeros(50_000L * 6251)), 413);
        yield return Png(Class, "50,000 x 50,000, one bit, interlaced", new RawPng(50_000, 50_000, 0, 1, true).With(gigabyte), 413);
        yield return Png(Class, "65,535 x 65,535, 64 bits", new RawPng(65_535, 65_535, 6, 16).With(gigabyte), 413);
        yield return Png(Class, "2^31-1 x 2^31-1", new RawPng(int.MaxValue, int.MaxValue, 6, 16).With([]), 413);
        yield return Png(
            Class, "2^32-1 x 2^32-1", RawPng.File(RawPng.Header(uint.MaxValue, uint.MaxValue, 16, 6), RawPng.Chunk("IDAT", []), end), 400);
        yield return Png(Class, "1 x 16,777,216", new RawPng(1, 1 << 24, 0, 1).With(RawPng.PackedZeros(2L << 24)), 413);
        yield return Png(
            Class, "1 x 262,144, as many rows as there may be", new RawPng(1, 1 << 18, 0, 1).With(RawPng.PackedZeros(2L << 18)), 422);
        yield return Png(Class, "4096 x 4096, 64 bits, as large as may be",
            new RawPng(4096, 4096, 6, 16).With(RawPng.PackedZeros(4096L * (1 + 8 * 4096))), 422);
        yield return Png(Class, "4096 x 4096, 64 bits, interlaced",
            new RawPng(4096, 4096, 6, 16, true).With(RawPng.PackedZeros(4096L * 4096 * 8 + 7680)), 422);
        yield return Png(Class, "a gigabyte behind IDAT", new RawPng(28, 28, 0, 8).With(gigabyte), 400);
        yield return Png(
            Class, "a gigabyte behind IDAT, with a palette", (new RawPng(28, 28, 3, 8) { Palette = new byte[3] }).With(gigabyte), 400);
        foreach (var type in new[] { "zTXt", "iTXt", "iCCP" })
        {
            yield return Png(
                Class, $"a gigabyte behind {type}", RawPng.File(header, RawPng.Chunk(type, [.. "a\0\0"u8, .. gigabyte]), data, end), 200);
        }
        var tall = Convert.ToBase64String(new RawPng(1, 1 << 18, 0, 1).With(RawPng.Pack(stream => stream.Write(Rows(1 << 18)))));
        yield return Instances(Class, "forty pictures of 262,144 rows", Enumerable.Repeat($"{{\"b64\":\"{tall}\"}}", 40), 413);
        var large = new RawPng(4096, 4096, 0, 8).Of((x, y, _) => x is > 1900 and < 2200 && y is > 500 and < 3500 ? 255 : 0);
        yield return new Attack(Class, "a form of six pictures of 16 megapixels", Form(Enumerable.Repeat(("a.png", large), 6)), 413);

        static byte[] Rows(int count) // a dash in the middle
        {
            var rows = new byte[2 * count];
            for (var y = count / 3; y < count / 2; y++)
                rows[2 * y + 1] = 0x80;
            return rows;
        }
    }

    private static IEnumerable<Attack> Jpegs()
    {
        const string Bombs = "JPEG bombs: sizes and scans";
        var jpeg = File.ReadAllBytes(Clone.PathOf("tests", "MnistApi.TestData", "seven-progressive.jpg"));
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]),
            scan = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        yield return Jpeg(Bombs, "65,535 x 65,535", Sized(65_535, 65_535), 413);
        yield return Jpeg(Bombs, "65,535 x 1,000 in a kilobyte", Sized(65_535, 1000), 413);
        yield return Jpeg(Bombs, "4,096 x 4,096 in a kilobyte", Sized(4096, 4096), 400);
        yield return Jpeg(Bombs, "4,096 x 4,096, progressive, as large as may be",
            [.. Sized(4096, 4096)[..^2], .. new byte[4096 * 4096 / 512], 0xFF, 0xD9], 200, 400, 422);
        yield return Jpeg(Bombs, "0 x 0", Sized(0, 0), 400);
        byte[] scans = [.. jpeg[scan..^2]];
        yield return Jpeg(Bombs, "a hundred thousand scans",
            [.. jpeg[..scan], .. Enumerable.Repeat(scans[..20], 100_000).SelectMany(bytes => bytes), 0xFF, 0xD9], 400);
        yield return Jpeg(Bombs, "a million tables",
            [.. jpeg[..2], .. Enumerable.Repeat((byte[])[0xFF, 0xC4, 0, 2], 1_000_000).SelectMany(bytes => bytes), .. jpeg[2..]], 200, 400);
        yield return Jpeg(Bombs, "15 MiB of comment", [.. jpeg[..2], .. Enumerable.Repeat(
            (byte[])[0xFF, 0xFE, 0xFF, 0xFF, .. new byte[65_533]], 240).SelectMany(bytes => bytes), .. jpeg[2..]], 200);
        const string Class = "JPEG truncated, and with each byte changed";
        for (var length = 0; length < jpeg.Length; length++)
            yield return Jpeg(Class, $"the first {length} bytes", jpeg[..length], 400);
        for (var at = 0; at < jpeg.Length; at++)
        {
            var changed = (byte[])jpeg.Clone();
            changed[at] ^= 0x55;
            yield return Jpeg(Class, $"byte {at} changed", changed, 200, 400, 413, 422);
        }

        byte[] Sized(int width, int height)
        {
            var file = (byte[])jpeg.Clone();
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
            return file;
        }
    }

    private static IEnumerable<Attack> Damaged()
    {
        const string Class = "PNG truncated, and with each byte changed";
        var png = new RawPng(9, 5, 3, 2) { Palette = [0, 0, 0, 255, 255, 255] }.Of((x, y, _) => (x + y) % 2);
        for (var length = 0; length < png.Length; length++)
            yield return Png(Class, $"the first {length} bytes", png[..length], 400);
        for (var at = 0; at < png.Length; at++)
        {
            var changed = (byte[])png.Clone();
            changed[at] ^= 0x55;
            yield return Png(Class, $"byte {at} changed", changed, 400);
        }
        for (var at = 8; at < png.Length; at++)
        {
            var changed = (byte[])png.Clone();
            changed[at] ^= 0x55;
            yield return Png(Class, $"byte {at} changed, checksums put right", RawPng.WithChecksums(changed), 200, 400, 413, 422);
        }
        const string Palettes = "PNG with palette faults";
        yield return Png(Palettes, "an index beyond it", new RawPng(9, 5, 3, 8) { Palette = [0, 0, 0] }.Of((x, _, _) => x), 400);
        yield return Png(Palettes, "an index beyond it, interlaced and filtered",
            new RawPng(9, 5, 3, 4, true) { Palette = [0, 0, 0], Filter = 4 }.Of((x, _, _) => x), 400);
        yield return Png(Palettes, "none", new RawPng(9, 5, 3, 8).Of((_, _, _) => 0), 400);
        yield return Png(Palettes, "257 entries", new RawPng(9, 5, 3, 8) { Palette = new byte[771] }.Of((_, _, _) => 0), 400);
        yield return Png(Palettes, "more transparencies than entries",
            new RawPng(9, 5, 3, 8) { Palette = new byte[3], Transparency = new byte[256] }.Of((_, _, _) => 0), 400);
    }

    private static IEnumerable<Attack> OtherFormats()
    {
        const string Class = "other formats named PNG, polyglots";
        yield return Png(Class, "a GIF",
            [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B], 400);
        yield return Png(Class, "a JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xD9], 400);
        yield return Png(Class, "a BMP", [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, .. new byte[43]], 400);
        yield return Png(Class, "a WebP", [.. "RIFF"u8, 26, 0, 0, 0, .. "WEBPVP8L"u8, 13, 0, 0, 0, 0x2F, .. new byte[12]], 400);
        yield return Png(Class, "a TIFF", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0], 400);
        yield return Png(
            Class, "an SVG that includes itself", "<svg xmlns='http://www.w3.org/2000/svg'><image href='#'/></svg>"u8.ToArray(), 400);
        yield return Png(Class, "a pickle", [0x80, 3, (byte)'c', .. "os\nsystem\n"u8, (byte)'.'], 400);
        yield return Png(Class, "a GIF's head before a PNG", [.. "GIF89a"u8, .. SevenPng], 400);
        yield return Png(Class, "a PNG with a ZIP behind it", [.. SevenPng, .. "PK\u0005\u0006"u8, .. new byte[18]], 200);
        yield return Png(Class, "a PNG with a script behind it", [.. SevenPng, .. "<script>alert(1)</script>"u8], 200);
    }

    private static IEnumerable<Attack> Json()
    {
        const string Class = "JSON: depth, length, numbers, names";
        foreach (var depth in new[] { 9, 100, 100_000, 5_000_000 })
        {
            yield return Document(Class, $"{depth} brackets", new string('[', depth), 400);
            yield return Document(Class, $"{depth} brackets in instances", "{\"instances\":" + new string('[', depth), 400);
            yield return Document(
                Class, $"{depth} objects", string.Concat(Enumerable.Repeat("{\"instances\":", Math.Min(depth, 1_000_000))), 400);
        }
        foreach (var number in new[] { "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e-999", "-0", "0x10", "1_0", "+1", ".5", "1.",
            "01", "256", "-1", "\"1\"", "null", "true", "[]", "{}", "1e309", "1E+2147483648" })
        {
            yield return Instances(Class, $"a pixel {number}", [JsonWith(9, number)], 400, number is "1e-999" or "-0" ? 200 : 400);
        }
        yield return Instances(Class, "a pixel of a million digits", [JsonWith(9, new string('9', Mebi))], 400);
        yield return Instances(Class, "a pixel of a million decimals", [JsonWith(9, "0." + new string('3', Mebi))], 200);
        yield return Instances(
            Class, "a pixel with an exponent of a million digits", [JsonWith(9, "1e-" + new string('9', Mebi))], 200, 400);
        yield return Document(Class, "'instances' twice", $"{{\"instances\":[{SevenJson}],\"instances\":[{SevenJson}]}}", 400);
        yield return Document(
            Class, "'instances' twice, once escaped", $"{{\"instances\":[{SevenJson}],\"\\u0069nstances\":[{SevenJson}]}}", 400);
        yield return Document(Class, "'scale' twice", $"{{\"scale\":255,\"instances\":[{SevenJson}],\"scale\":1}}", 400);
        yield return Document(Class, "a name of 8 MiB", $"{{\"{new string('a', 8 * Mebi)}\":1}}", 400);
        yield return Document(
            Class, "a million names", $"{{{string.Join(',', Enumerable.Range(0, Mebi / 2).Select(i => $"\"{i}\":0"))}}}", 400);
        yield return Document(Class, "__proto__", $"{{\"__proto__\":{{\"scale\":1}},\"instances\":[{SevenJson}]}}", 400);
        yield return Instances(
            Class, "10,001 instances", Enumerable.Repeat("[" + string.Join(',', Enumerable.Repeat("0", 784)) + "]", 10_001), 413);
        yield return Instances(Class, "a million empty instances", Enumerable.Repeat("[]", Mebi), 400);
        yield return Instances(Class, "a million numbers in one", [$"[{string.Join(',', Enumerable.Repeat("0", Mebi))}]"], 400);
        yield return Instances(Class, "rows of a million numbers", [$"[[{string.Join(',', Enumerable.Repeat("0", Mebi))}]]"], 400);
        yield return Document(Class, "eight million spaces", new string(' ', 8 * Mebi), 400);
        yield return Instances(Class, "base64 of 8 MiB that is none", [$"{{\"b64\":\"{new string('*', 8 * Mebi)}\"}}"], 400);
        yield return Instances(Class, "base64 of zeros, 8 MiB", [$"{{\"b64\":\"{new string('A', 8 * Mebi)}\"}}"], 400);
        yield return Document(Class, "text behind the document", $"{{\"instances\":[{SevenJson}]}}{{}}", 400);
        yield return Document(Class, "a comment", $"{{/* */\"instances\":[{SevenJson}]}}", 400);
        yield return Document(Class, "a comma too many", $"{{\"instances\":[{SevenJson},]}}", 400);
        yield return Document(Class, "nothing", "", 400);
    }

    private static IEnumerable<Attack> Encodings()
    {
        const string Class = "JSON: encodings, surrogates";
        var document = $"{{\"instances\":[{SevenJson}]}}";
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 })
        {
            yield return new Attack(Class, encoding.WebName, Post("application/json", encoding.GetBytes(document)), 400);
            yield return new Attack(Class, $"{encoding.WebName} with its mark",
                Post($"application/json; charset={encoding.WebName}", [.. encoding.GetPreamble(), .. encoding.GetBytes(document)]), 400);
        }
        yield return new Attack(
            Class, "UTF-8 with its mark", Post("application/json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(document)]), 200);
        foreach (var bytes in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82] })
        {
            yield return new Attack(Class, $"the bytes {Convert.ToHexString(bytes)} as a name",
                Post("application/json", [.. "{\""u8, .. bytes, .. "\":1}"u8]), 400);
            yield return new Attack(Class, $"the bytes {Convert.ToHexString(bytes)} as base64",
                Post("application/json", [.. "{\"instances\":[{\"b64\":\""u8, .. bytes, .. "\"}]}"u8]), 400);
        }
        foreach (var text in new[] { "\\ud800", "\\udc00", "\\ud800\\ud800", "\\u0000", "\\uD83D\\uDE00", "\\x", "\\u12" })
        {
            yield return Document(Class, $"{text} as a name", $"{{\"{text}\":1}}", 400);
            yield return Document(Class, $"{text} as base64", $"{{\"instances\":[{{\"b64\":\"{text}\"}}]}}", 400);
        }
    }

    private static IEnumerable<Attack> Forms()
    {
        const string Class = "multipart forms";
        const string Start = "--x\r\nContent-Disposition: form-data; name=\"a\"";
        yield return new Attack(Class, "no boundary", Post("multipart/form-data", SevenPng), 400);
        yield return new Attack(Class, "an empty boundary", Post("multipart/form-data; boundary=\"\"", SevenPng), 400);
        yield return new Attack(
            Class, "a boundary of 4 KiB", Post($"multipart/form-data; boundary={new string('x', 4096)}", SevenPng), 400);
        yield return new Attack(Class, "a boundary that never comes", Post("multipart/form-data; boundary=x", new byte[Mebi]), 400);
        yield return new Attack(
            Class, "ten thousand fields", Text(string.Concat(Enumerable.Repeat($"{Start}\r\n\r\nb\r\n", 10_000)) + "--x--\r\n"), 400);
        yield return new Attack(Class, "ten thousand files", Form(Enumerable.Repeat(("a.png", SevenPng), 10_000)), 413);
        yield return new Attack(Class, "ten thousand empty files", Form(Enumerable.Repeat(("a.png", Array.Empty<byte>()), 10_000)), 413);
        yield return new Attack(
            Class, "headers without end", Text($"{Start}\r\n{string.Concat(Enumerable.Repeat("X-A: b\r\n", 100_000))}"), 400);
        yield return new Attack(
            Class, "a header of a megabyte", Text($"{Start}; filename=\"{new string('a', Mebi)}\"\r\n\r\nb\r\n--x--\r\n"), 400);
        yield return new Attack(Class, "a header without a colon", Text($"{Start}\r\nabc\r\n\r\nb\r\n--x--\r\n"), 400);
        yield return new Attack(Class, "a file of 15 MiB that is none", Form([("a.png", new byte[15 * Mebi])]), 400);
        yield return new Attack(Class, "a form in a form", Text($"{Start}\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n"
            + "Content-Disposition: file; filename=\"a.png\"\r\n\r\nb\r\n--y--\r\n--x--\r\n"), 400);
        yield return new Attack(Class, "a file name with control characters", Form([("\u001b[31m\u0007.png", [1])]), 400);
        yield return new Attack(Class, "a file name of another folder", Form([("../../etc/passwd", [1])]), 400);
        yield return new Attack(Class, "a file name in UTF-7",
            Text("--x\r\nContent-Disposition: form-data; name=\"a\"; filename*=utf-7''x.png\r\n\r\nb\r\n--x--\r\n"), 400);
        yield return new Attack(Class, "boundaries that nearly match", Text(string.Concat(Enumerable.Repeat("\r\n--", 250_000))), 400);
        yield return new Attack(Class, "it breaks off", Text($"{Start}; filename=\"a.png\"\r\n\r\nabc"), 400);
        yield return new Attack(Class, "nothing", Text(""), 400);
        yield return new Attack(Class, "nothing but the last boundary", Text("--x--\r\n"), 400);
    }

    private static IEnumerable<Attack> Raw()
    {
        const string Class = "raw bytes of wrong length";
        foreach (var length in new[] { 0, 1, 783, 785, 784 * 2 - 1, 15 * Mebi })
            yield return new Attack(Class, $"{length} bytes", Post("application/octet-stream", new byte[length]), 400);
        yield return new Attack(Class, "10,001 images", Post("application/octet-stream", new byte[784 * 10_001]), 413);
        yield return new Attack(Class, "a byte more than a body may have", Post("application/octet-stream", new byte[16 * Mebi + 1]), 413);
        yield return new Attack(Class, "2^63-1 bytes announced",
            Head("POST", "/predict", "Content-Type: application/octet-stream", "Content-Length: 9223372036854775807"), 413);
    }

    private static IEnumerable<Attack> Compressed()
    {
        const string Class = "compressed bodies, 64 MiB behind 64 KiB";
        foreach (var type in new[] { "application/json", "image/png", "application/octet-stream" })
        {
            yield return new Attack(Class, $"gzip, {type}",
                Post(type, Packed(stream => new GZipStream(stream, CompressionLevel.Optimal, true)), "Content-Encoding: gzip"), 413);
            yield return new Attack(Class, $"deflate, {type}",
                Post(type, Packed(stream => new ZLibStream(stream, CompressionLevel.Optimal, true)), "Content-Encoding: deflate"), 413);
            yield return new Attack(Class, $"no gzip, {type}", Post(type, SevenPng, "Content-Encoding: gzip"), 400);
            foreach (var encoding in new[] { "br", "zstd", "gzip, gzip", "nonsense" })
                yield return new Attack(Class, $"{encoding}, {type}", Post(type, SevenPng, $"Content-Encoding: {encoding}"), 415);
        }
        yield return new Attack(Class, "gzip, a form", Post("multipart/form-data; boundary=x", SevenPng, "Content-Encoding: gzip"), 400);

        static byte[] Packed(Func<Stream, Stream> coder)
        {
            using var packed = new MemoryStream();
            using (var stream = coder(packed))
                stream.Write(new byte[64 * Mebi]);
            return packed.ToArray();
        }
    }

    private static Attack Png(string kind, string name, byte[] png, params int[] expected) =>
        new(kind, name, Post("image/png", png), expected);

    private static Attack Jpeg(string kind, string name, byte[] jpeg, params int[] expected) =>
        new(kind, name, Post("image/jpeg", jpeg), expected);

    private static Attack Document(string kind, string name, string json, params int[] expected) =>
        new(kind, name, Post("application/json", Encoding.UTF8.GetBytes(json)), expected);

    private static Attack Instances(string kind, string name, IEnumerable<string> instances, params int[] expected) =>
        Document(kind, name, $"{{\"instances\":[{string.Join(',', instances)}]}}", expected);

    private static byte[] Text(string form) => Post("multipart/form-data; boundary=x", Encoding.Latin1.GetBytes(form));

    private static byte[] Form(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var body = new MemoryStream();
        foreach (var (name, bytes) in files)
        {
            body.Write(Encoding.Latin1.GetBytes(
                $"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
        body.Write("--x--\r\n"u8);
        return Post("multipart/form-data; boundary=x", body.ToArray());
    }
}
