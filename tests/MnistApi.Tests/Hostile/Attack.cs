using System.Text;

namespace MnistApi.Tests.Hostile;

/// <summary>Bytes for a connection, and what may come of them.</summary>
/// <param name="Class">The attack's class: a row of the README's table.</param>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">All that is sent.</param>
/// <param name="Expected">The statuses that are right; 0 where the connection may be closed without an answer.</param>
internal sealed record Attack(string Class, string Name, byte[] Bytes, params int[] Expected)
{
    /// <summary>Whether the sender's side of the connection is closed after the bytes.</summary>
    public bool IsHalfClosed { get; init; }

    /// <summary>
    /// How many answers may come: more than one only where Kestrel is known to read leniently what no two readers see differently.
    /// </summary>
    public int Answers { get; init; } = 1;

    /// <summary>Sent again and again, so long as the service takes it.</summary>
    public byte[] Endless { get; init; } = [];

    /// <summary>POST /predict with a body of this type.</summary>
    public static byte[] Post(string contentType, byte[] body, params string[] headers) =>
        Request("POST", "/predict", body, [$"Content-Type: {contentType}", .. headers]);

    public static byte[] Request(string method, string target, byte[] body, params string[] headers) =>
        [.. Head(method, target, [.. headers, $"Content-Length: {body.Length}", "Connection: close"]), .. body];

    public static byte[] Head(string method, string target, params string[] headers) =>
        Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
}
