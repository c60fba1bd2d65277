using System.Text;

namespace MnistApi.Tests.Hostile;

/// <summary>
/// Requests whose end two readers could see in different places, and others that HTTP forbids. Behind each a second request is hidden: one
/// answer, or none, is right; two would mean that a proxy and the service could be made to disagree.
/// </summary>
internal static class Framing
{
    private const string Class = "HTTP/1.1 framing, smuggling";

    private static readonly string s_chunk = "10000\r\n" + new string('\0', 0x10000) + "\r\n";
    private const string Hidden = "GET /model HTTP/1.1\r\nHost: hidden\r\n\r\n";
    private static readonly string s_pixels = new('\0', 784);

    public static IEnumerable<Attack> All() =>
    [
        One("two lengths", "Content-Length: 784\r\nContent-Length: 0\r\n", s_pixels + Hidden, 400),
        One("two lengths in one header", "Content-Length: 784, 784\r\n", s_pixels + Hidden, 400),
        One("a length with a sign", "Content-Length: +784\r\n", s_pixels + Hidden, 200) with { Answers = 2 },
            // read as 784, by the standard malformed
        One("a negative length", "Content-Length: -1\r\n", Hidden, 400),
        One("a length in hexadecimal", "Content-Length: 0x310\r\n", s_pixels + Hidden, 400),
        One("a length beyond numbers", "Content-Length: 99999999999999999999\r\n", Hidden, 400),
        One("a length with a space before the colon", "Content-Length : 784\r\n", s_pixels + Hidden, 400),
        One("length and chunks", $"Content-Length: {Hidden.Length + 5}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Hidden, 400),
        One("chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + Hidden, 400) with { Answers = 2 },
            // read as once
        One("chunks, then identity", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + Hidden, 400, 501),
        One("xchunked", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + Hidden, 400, 501),
        One("chunks behind a tab", "Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n", 400),
        One("a chunk size beyond numbers", "Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFF\r\nab", 400),
        One("a negative chunk size", "Transfer-Encoding: chunked\r\n", "-1\r\nab", 400),
        One("a chunk size of no digits", "Transfer-Encoding: chunked\r\n", "\r\nab", 400),
        One("a chunk size in another script", "Transfer-Encoding: chunked\r\n", "0x5\r\nabcde\r\n0\r\n\r\n", 400),
        One("a chunk longer than it says", "Transfer-Encoding: chunked\r\n", "3\r\nabcdef\r\n0\r\n\r\n" + Hidden, 400),
        One("a chunk ended by a bare line feed", "Transfer-Encoding: chunked\r\n", "3\nabc\n0\n\n" + Hidden, 400),
        One("an extension of 1 MiB", "Transfer-Encoding: chunked\r\n", "3;" + new string('a', 1 << 20) + "\r\nabc\r\n0\r\n\r\n", 400, 413),
        One("an extension with a bare line feed", "Transfer-Encoding: chunked\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n" + Hidden, 400),
        One("ten thousand trailers", "Transfer-Encoding: chunked\r\n",
            "0\r\n" + string.Concat(Enumerable.Repeat("X-A: b\r\n", 10_000)) + "\r\n", 400, 431),
        One("a header folded over two lines", "X-A: b\r\n c\r\nContent-Length: 0\r\n", Hidden, 400),
        One("a header without a colon", "Nonsense\r\nContent-Length: 0\r\n", Hidden, 400),
        One("a header with a NUL", "X-A: a\0b\r\nContent-Length: 0\r\n", Hidden, 400),
        One("a header with a bare carriage return", "X-A: a\rContent-Length: 5\r\nContent-Length: 0\r\n", Hidden, 400),
        One("101 headers", string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: a\r\n")), "", 431),
        One("a header of 40 KiB", $"X-A: {new string('a', 40 << 10)}\r\n", "", 431),
        One("two hosts", "Host: other\r\nContent-Length: 0\r\n", Hidden, 400),
        One("an expectation that nobody knows", "Expect: nonsense\r\nContent-Length: 0\r\n", "", 400, 417),
        Whole("no host", "POST /predict HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400),
        Whole("a line of 9 KiB", $"GET /{new string('a', 9 << 10)} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        Whole("a line that is none", "hello\r\n\r\n", 400),
        Whole("a line of bytes", "\0\u0001\u0002\u00ff\r\n\r\n", 400),
        Whole("HTTP/0.9", "GET /model\r\n\r\n", 400),
        Whole("HTTP/9.9", "GET /model HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        Whole("HTTP/2's greeting", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 505, 0),
        Whole("TLS's greeting", "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003" + new string('\u0042', 160), 400, 0),
        Whole("CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nConnection: close\r\n\r\n", 400, 404, 405),
        Whole("an absolute address of another host",
            "GET http://example.org/model HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        Endless("headers without end", "POST /predict HTTP/1.1\r\nHost: x\r\n",
            string.Concat(Enumerable.Repeat("X-A: bcdefghijklmnop\r\n", 100)), 431, 0),
        Endless("a line without end", "GET /", new string('a', 4096), 414, 0),
        Endless("a body without end", Chunked("application/octet-stream"), s_chunk, 413, 0),
        Endless("a form without end", Chunked("multipart/form-data; boundary=x"), s_chunk, 400, 413, 0),
        Half("it ends within its headers", "POST /predict HTTP/1.1\r\nHost: x\r\nContent-", 400, 0),
        Half("it ends within its body", "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\nabc",
            400, 0),
        Half("it ends within a chunk",
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nabc", 400, 0),
        Half("it ends within a form",
            "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n",
            400, 0),
        Half("it is closed at once", "", 0),
    ];

    private static string Chunked(string type) =>
        $"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static Attack Endless(string name, string start, string again, params int[] expected) =>
        new(Class, name, Encoding.Latin1.GetBytes(start), expected) { Endless = Encoding.Latin1.GetBytes(again) };

    private static Attack One(string name, string headers, string body, params int[] expected) =>
        new(Class, name, Encoding.Latin1.GetBytes(
            $"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n{headers}\r\n{body}"), expected);

    private static Attack Whole(string name, string request, params int[] expected) =>
        new(Class, name, Encoding.Latin1.GetBytes(request), expected);

    private static Attack Half(string name, string request, params int[] expected) =>
        new("half-closed connections", name, Encoding.Latin1.GetBytes(request), expected) { IsHalfClosed = true };
}
